using System;
using System.IO;
using System.Text;

/// <summary>
/// A string literal in a .NET assembly. The literals are in the #US heap, each as its length, its UTF-16 characters and
/// a byte that says whether one of them is unusual (ECMA-335, II.24.2.4).
/// </summary>
public static class Literal
{
    /// <summary>
    /// The offset of the characters of a literal of fewer than 64 characters, or -1 unless it is there exactly once.
    /// </summary>
    public static int Find(byte[] assembly, string literal)
    {
        byte[] characters = Encoding.Unicode.GetBytes(literal);
        byte[] entry = new byte[characters.Length + 2];
        entry[0] = (byte)(characters.Length + 1);
        characters.CopyTo(entry, 1);
        int first = IndexOf(assembly, entry, 0);
        return first >= 0 && IndexOf(assembly, entry, first + 1) < 0 ? first + 1 : -1;
    }

    private static int IndexOf(byte[] all, byte[] part, int from)
    {
        for (int i = from; i <= all.Length - part.Length; i++)
        {
            int k = 0;
            while (k < part.Length && all[i + k] == part[k])
            {
                k++;
            }

            if (k == part.Length)
            {
                return i;
            }
        }

        return -1;
    }
}

#if !WITHOUT_MSBUILD
/// <summary>The MSBuild task: writes a copy of an assembly in which the last character of literals is replaced.</summary>
public sealed class ReplaceLiteral : Microsoft.Build.Utilities.Task
{
    [Microsoft.Build.Framework.Required]
    public string Source { get; set; }

    [Microsoft.Build.Framework.Required]
    public string Target { get; set; }

    [Microsoft.Build.Framework.Required]
    public string[] Literals { get; set; }

    [Microsoft.Build.Framework.Required]
    public string LastCharacter { get; set; }

    public override bool Execute()
    {
        byte[] assembly = File.ReadAllBytes(Source);
        foreach (string literal in Literals)
        {
            int found = Literal.Find(assembly, literal);
            if (found < 0)
            {
                Log.LogError("{0} does not contain the literal {1} exactly once", Source, literal);
                return false;
            }

            assembly[found + 2 * (literal.Length - 1)] = (byte)LastCharacter[0];
        }

        if (!File.Exists(Target) || !System.Linq.Enumerable.SequenceEqual(File.ReadAllBytes(Target), assembly))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Target));
            File.WriteAllBytes(Target, assembly);
        }

        return true;
    }
}
#endif
