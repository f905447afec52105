using System.Runtime.CompilerServices;

namespace BreakHis.Testing;

/// <summary>
/// Gives the tests, and the programs that they start, an account of their own: ledgers that they begin are not listed as
/// those of the user.
/// </summary>
internal static class Account
{
    private const string Settings = "XDG_CONFIG_HOME";

#pragma warning disable CA2255 // The tests are the application.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Separate()
    {
        string folder = Directory.CreateTempSubdirectory("breakhis-account-").FullName;
        Environment.SetEnvironmentVariable(Settings, folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
