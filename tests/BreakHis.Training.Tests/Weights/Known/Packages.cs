using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace BreakHis.Training.Tests.Weights.Known;

/// <summary>npm packages for tests.</summary>
internal static partial class Packages
{
    /// <summary>Writes a .tgz of files, by their names in it.</summary>
    public static void Write(string path, params IEnumerable<(string Name, byte[] Content)> files)
    {
        using FileStream file = File.Create(path);
        using var zipped = new GZipStream(file, CompressionLevel.Fastest);
        using var archive = new TarWriter(zipped);
        foreach ((string name, byte[] content) in files)
        {
            using var stream = new MemoryStream(content);
            archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = stream });
        }
    }

    /// <summary>Writes a .tgz of blocks, such as those of <see cref="Entry"/>.</summary>
    public static void WriteBlocks(string path, params IEnumerable<byte[]> blocks)
    {
        using FileStream file = File.Create(path);
        using var zipped = new GZipStream(file, CompressionLevel.Fastest);
        foreach (byte[] block in blocks)
        {
            zipped.Write(block);
        }

        zipped.Write(new byte[1024]);
    }

    /// <summary>The blocks of an entry, which may be unlike any that a program writes.</summary>
    /// <param name="kind">0 for a file, x for attributes.</param>
    /// <param name="length">The length in the header, if it is not that of the content.</param>
    /// <param name="time">The field of the time of the last change.</param>
    public static byte[] Entry(string name, byte[] content, char kind = '0', long? length = null, byte[]? time = null)
    {
        const int Block = 512;
        byte[] entry = new byte[Block + (content.Length + Block - 1) / Block * Block];
        Text(name).CopyTo(entry, 0);
        Text("0000644\00000000\00000000\0").CopyTo(entry, 100);
        Text(Convert.ToString(length ?? content.Length, 8).PadLeft(11, '0')).CopyTo(entry, 124);
        (time ?? Text("00000000000")).CopyTo(entry, 136);
        Text($"        {kind}").CopyTo(entry, 148);
        Text("ustar\000").CopyTo(entry, 257);
        Text(Convert.ToString(entry.AsSpan(0, Block).ToArray().Sum(b => b), 8).PadLeft(6, '0') + "\0")
            .CopyTo(entry, 148);
        content.CopyTo(entry, Block);
        return entry;
    }

    /// <summary>JSON in a module, as a minifier writes it.</summary>
    public static byte[] Module(string json)
    {
        string literal = Key().Replace(json, "${key}:");
        literal = Zero().Replace(literal, "${before}.");
        literal = literal
            .Replace(":true", ":!0", StringComparison.Ordinal)
            .Replace(":false", ":!1", StringComparison.Ordinal);
        return Text($"!function(a){{a()}}(function(){{return function(n){{n.exports={literal}}}}});");
    }

    /// <summary>Bytes in a module that exports them in base64.</summary>
    public static byte[] Module(byte[] content) =>
        Text($"!function(a){{a()}}(function(n){{n.exports=\"{Convert.ToBase64String(content)}\"}});");

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    [GeneratedRegex("\"(?<key>[A-Za-z_][A-Za-z0-9_]*)\":", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Key();

    [GeneratedRegex(@"(?<before>[:,\[]-?)0\.", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Zero();
}
