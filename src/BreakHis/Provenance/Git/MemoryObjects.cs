using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>Receives the objects that are written to a repository, so that nothing is written to its disk.</summary>
internal sealed class MemoryObjects : OdbBackend
{
    private readonly Dictionary<ObjectId, (ObjectType Type, byte[] Content)> _objects = [];

    protected override OdbBackendOperations SupportedOperations =>
        OdbBackendOperations.Read | OdbBackendOperations.Write | OdbBackendOperations.Exists;

    public override int Write(ObjectId id, Stream dataStream, long length, ObjectType objectType)
    {
        byte[] content = new byte[length];
        dataStream.ReadExactly(content);
        _objects[id] = (objectType, content);
        return (int)ReturnCode.GIT_OK;
    }

    public override int Read(ObjectId id, out UnmanagedMemoryStream? data, out ObjectType objectType)
    {
        bool found = _objects.TryGetValue(id, out (ObjectType Type, byte[] Content) item);
        data = found ? AllocateAndBuildFrom(item.Content) : null;
        objectType = item.Type;
        return (int)(found ? ReturnCode.GIT_OK : ReturnCode.GIT_ENOTFOUND);
    }

    public override bool Exists(ObjectId id) => _objects.ContainsKey(id);

    // libgit2 calls none of the following, because they are not among the supported operations.
    public override int ReadHeader(ObjectId id, out int length, out ObjectType objectType) =>
        throw new NotSupportedException();

    public override int ReadPrefix(
        string shortSha,
        out ObjectId? oid,
        out UnmanagedMemoryStream? data,
        out ObjectType objectType
    ) => throw new NotSupportedException();

    public override int ReadStream(ObjectId id, out OdbBackendStream? stream) => throw new NotSupportedException();

    public override int WriteStream(long length, ObjectType objectType, out OdbBackendStream? stream) =>
        throw new NotSupportedException();

    public override int ExistsPrefix(string shortSha, out ObjectId? found) => throw new NotSupportedException();

    public override int ForEach(ForEachCallback callback) => throw new NotSupportedException();
}
