using System.Runtime.CompilerServices;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// Links, virtual data sets and external storage of an HDF5 file name other files, which the library opens: a file of
/// somebody else could make it wait for a pipe, or read a file of yours. The library looks for such files with one
/// function; with this one, it finds none.
/// </summary>
internal static class OtherHdf5Files
{
    /// <summary>Makes the library open no other files, in this process.</summary>
    public static void Hide() => Exists(null) = _ => false;

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "_fileExists")]
    private static extern ref Func<string, bool> Exists(
        [UnsafeAccessorType("PureHDF.FilePathUtils, PureHDF")] object? paths
    );
}
