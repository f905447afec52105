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
