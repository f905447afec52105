using System.Runtime.InteropServices;

namespace BreakHis.Training.Libtorch;

/// <summary>What the loaded libtorch says about itself.</summary>
internal static unsafe class LibtorchBuild
{
    /// <summary>The instruction set that it has chosen for the CPU: avx512, avx2 or default.</summary>
    public static string InstructionSet() =>
        (Text("_ZN2at18get_cpu_capabilityB5cxx11Ev") ?? "unknown").ToLowerInvariant();

    /// <summary>Its version, such as 2.10.0.</summary>
    public static string Version() => Said("TORCH_VERSION=");

    /// <summary>The version of the CUDA runtime, such as 13.0.</summary>
    public static string Cuda() => Said("CUDA Runtime ");

    /// <summary>The version of cuDNN, such as 9.19.</summary>
    public static string CuDnn() => CuDnn(Said("CuDNN "));

    /// <summary>
    /// Reads libtorch's text for a version. It divides the number by 1,000, as before cuDNN 9, whose 9.19.0 is 91900.
    /// </summary>
    internal static string CuDnn(string said) =>
        said.Split('.') is [[char major, char tens], string units, .. string[] patch]
            ? string.Join('.', [$"{major}", $"{(tens == '0' ? "" : tens)}{units}", .. patch])
            : said;

    /// <summary>Returns the word that follows a text in the description of the build.</summary>
    private static string Said(string before)
    {
        string all = Text("_ZN2at11show_configB5cxx11Ev") ?? "";
        int found = all.IndexOf(before, StringComparison.Ordinal);
        return found < 0
            ? "unknown"
            : string.Concat(
                all[(found + before.Length)..].TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+')
            );
    }

    /// <summary>Calls a function of libtorch that takes nothing and returns a std::string.</summary>
    /// <returns>The text, or null if this libtorch has no such function.</returns>
    private static string? Text(string function)
    {
        if (Function(function) is not { } found)
        {
            return null;
        }

        // A std::string of libstdc++: pointer, length, and 16 bytes for short texts. A longer one is never freed.
        nint* text = stackalloc nint[4];
        ((delegate* unmanaged<nint*, nint*>)found)(text);
        return Marshal.PtrToStringUTF8(text[0], (int)text[1]);
    }

    /// <summary>Returns the address of a function of libtorch, or null.</summary>
    /// <param name="name">The mangled name.</param>
    public static nint? Function(string name) =>
        NativeLibrary.TryLoad(LoadedModule.PathOf("torch_cpu"), out nint library)
        && NativeLibrary.TryGetExport(library, name, out nint function)
            ? function
            : null;
}
