using System.Runtime.CompilerServices;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// A file stream for a reader that a malformed file could trap in endless recursion or loops. Each read checks that
/// enough stack is left; all reads together may cover the file only a few times.
/// </summary>
internal sealed class BoundedStream(Stream file) : Stream
{
    private const int Times = 8;
    private const int Small = 1 << 20;

    private long _left = Times * (file.Length + Small);

    /// <summary>The bytes read so far.</summary>
    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int read = file.Read(buffer);
        // Reads that return nothing count too.
        _left -= read + 1;
        BytesRead += read;
        return _left >= 0 ? read : throw new InvalidDataException("it contains a cycle");
    }

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
        // The stream is read-only.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
