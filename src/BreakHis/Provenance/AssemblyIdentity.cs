using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using BreakHis.Files;

namespace BreakHis.Provenance;

/// <summary>Reads the identity of an assembly from its file, without loading it.</summary>
internal static class AssemblyIdentity
{
    /// <summary>Returns the module version ID; null if the file is no assembly or cannot be read.</summary>
    public static string? Of(string file)
    {
        try
        {
            using FileStream stream = RegularFile.Open(file);
            using var assembly = new PEReader(stream);
            MetadataReader metadata = assembly.GetMetadataReader();
            return metadata.GetGuid(metadata.GetModuleDefinition().Mvid).ToString();
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or BadImageFormatException
                        or InvalidOperationException
            )
        {
            return null;
        }
    }
}
