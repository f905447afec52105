using System;
using System.IO;
using System.Text;

/// <summary>
/// Marks one version requirement of a 64-bit little-endian ELF library as weak (VER_FLG_WEAK), so that the loader no
/// longer rejects the library if the version is missing. It does so only if a known marker symbol is the only one with
/// that version: such a symbol declares a dependency and is never called. The rest of the file stays unchanged. Format:
/// System V ABI, and "Symbol Versioning" in the Linux Standard Base Core specification.
/// </summary>
public static class ElfSymbolVersion
{
    private const ushort WeakFlag = 2;
    private const uint DynamicSymbols = 11;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint VersionSymbols = 0x6fffffff;

    /// <summary>
    /// The offset of the flag byte to set, or -1 if there is nothing to fix: the file is not such an ELF file, does not
    /// require the version, requires it weakly already, or has another symbol that needs it.
    /// </summary>
    public static long FlagToSet(byte[] elf, string version, string onlyMarker)
    {
        if (!IsLittleEndian64(elf) || !IsWhole(elf))
        {
            return -1;
        }

        long flags = FindRequirement(elf, version, out ushort index);
        if (flags < 0 || (BitConverter.ToUInt16(elf, (int)flags) & WeakFlag) != 0)
        {
            return -1;
        }

        return OnlySymbolIs(elf, index, onlyMarker) ? flags : -1;
    }

    private static bool IsLittleEndian64(byte[] elf)
    {
        return elf.Length > 64
            && elf[0] == 0x7f
            && elf[1] == 'E'
            && elf[2] == 'L'
            && elf[3] == 'F'
            && elf[4] == 2
            && elf[5] == 1;
    }

    /// <summary>
    /// Checks that the file is complete. Linkers write the section table at the end; all sections must also be inside
    /// the file.
    /// </summary>
    private static bool IsWhole(byte[] elf)
    {
        long table = BitConverter.ToInt64(elf, 40);
        int entry = BitConverter.ToUInt16(elf, 58);
        int count = BitConverter.ToUInt16(elf, 60);
        if (entry != 64 || table < 64 || table + (long)entry * count > elf.Length)
        {
            return false;
        }

        for (uint i = 0; i < count; i++)
        {
            const uint NoBits = 8;
            Section section = SectionAt(elf, i);
            bool inside = section.Offset >= 0 && section.Size >= 0 && section.Offset <= elf.Length - section.Size;
            if (section.Type != NoBits && !inside)
            {
                return false;
            }
        }

        return true;
    }

    private static long FindRequirement(byte[] elf, string version, out ushort index)
    {
        index = 0;
        Section needs = FindSection(elf, VersionNeeds);
        if (needs.Size == 0)
        {
            return -1;
        }

        long names = SectionAt(elf, needs.Link).Offset;
        long need = needs.Offset;
        for (uint i = 0; i < needs.Info; i++)
        {
            long entry = need + BitConverter.ToUInt32(elf, (int)need + 8);
            ushort count = BitConverter.ToUInt16(elf, (int)need + 2);
            for (int k = 0; k < count; k++)
            {
                if (NameAt(elf, names + BitConverter.ToUInt32(elf, (int)entry + 8)) == version)
                {
                    index = BitConverter.ToUInt16(elf, (int)entry + 6);
                    return entry + 4;
                }

                entry += BitConverter.ToUInt32(elf, (int)entry + 12);
            }

            need += BitConverter.ToUInt32(elf, (int)need + 12);
        }

        return -1;
    }

    private static bool OnlySymbolIs(byte[] elf, ushort index, string onlyMarker)
    {
        Section symbols = FindSection(elf, DynamicSymbols);
        Section versions = FindSection(elf, VersionSymbols);
        long names = SectionAt(elf, symbols.Link).Offset;
        for (long i = 0; i < symbols.Size / 24; i++)
        {
            int carried = BitConverter.ToUInt16(elf, (int)(versions.Offset + 2 * i)) & 0x7fff;
            uint name = BitConverter.ToUInt32(elf, (int)(symbols.Offset + 24 * i));
            if (carried == index && NameAt(elf, names + name) != onlyMarker)
            {
                return false;
            }
        }

        return true;
    }

    private static Section FindSection(byte[] elf, uint type)
    {
        ushort count = BitConverter.ToUInt16(elf, 60);
        for (uint i = 0; i < count; i++)
        {
            Section section = SectionAt(elf, i);
            if (section.Type == type)
            {
                return section;
            }
        }

        return default(Section);
    }

    private static Section SectionAt(byte[] elf, uint index)
    {
        int header = (int)(BitConverter.ToInt64(elf, 40) + index * BitConverter.ToUInt16(elf, 58));
        return new Section
        {
            Type = BitConverter.ToUInt32(elf, header + 4),
            Offset = BitConverter.ToInt64(elf, header + 24),
            Size = BitConverter.ToInt64(elf, header + 32),
            Link = BitConverter.ToUInt32(elf, header + 40),
            Info = BitConverter.ToUInt32(elf, header + 44),
        };
    }

    private static string NameAt(byte[] elf, long offset)
    {
        int end = Array.IndexOf(elf, (byte)0, (int)offset);
        return Encoding.ASCII.GetString(elf, (int)offset, end - (int)offset);
    }

    private struct Section
    {
        public uint Type;
        public long Offset;
        public long Size;
        public uint Link;
        public uint Info;
    }
}

#if !WITHOUT_MSBUILD
/// <summary>The MSBuild task: writes corrected copies and lists the items that they replace.</summary>
public sealed class WeakenSymbolVersion : Microsoft.Build.Utilities.Task
{
    [Microsoft.Build.Framework.Required]
    public Microsoft.Build.Framework.ITaskItem[] Sources { get; set; }

    [Microsoft.Build.Framework.Required]
    public string OutputFolder { get; set; }

    [Microsoft.Build.Framework.Required]
    public string SymbolVersion { get; set; }

    [Microsoft.Build.Framework.Required]
    public string OnlyMarker { get; set; }

    [Microsoft.Build.Framework.Output]
    public Microsoft.Build.Framework.ITaskItem[] Corrected { get; set; }

    public override bool Execute()
    {
        var corrected = new System.Collections.Generic.List<Microsoft.Build.Framework.ITaskItem>();
        foreach (Microsoft.Build.Framework.ITaskItem source in Sources)
        {
            byte[] library = File.ReadAllBytes(source.ItemSpec);
            long flag = ElfSymbolVersion.FlagToSet(library, SymbolVersion, OnlyMarker);
            if (flag < 0)
            {
                continue;
            }

            library[flag] |= 2;
            string target = Path.Combine(OutputFolder, Path.GetFileName(source.ItemSpec));
            WriteIfChanged(target, library);
            var item = new Microsoft.Build.Utilities.TaskItem(target);
            source.CopyMetadataTo(item);
            item.SetMetadata("Original", source.ItemSpec);
            corrected.Add(item);
        }

        Corrected = corrected.ToArray();
        return true;
    }

    private static void WriteIfChanged(string path, byte[] content)
    {
        if (
            File.Exists(path)
            && new FileInfo(path).Length == content.Length
            && System.Linq.Enumerable.SequenceEqual(File.ReadAllBytes(path), content)
        )
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path));
        string unfinished = path + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(unfinished, content);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        File.Move(unfinished, path);
    }
}
#endif
