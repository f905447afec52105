using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace BreakHis.Testing;

/// <summary>Makes named pipes, on which a program that opens them like files waits forever.</summary>
internal static class NamedPipe
{
    /// <summary>Makes a pipe, or skips the test if there is no mkfifo.</summary>
    public static void Make(string path)
    {
        try
        {
            using var mkfifo = Process.Start("mkfifo", [path]);
            mkfifo.WaitForExit();
            Assert.Equal(0, mkfifo.ExitCode);
        }
        catch (Win32Exception)
        {
            Assert.Skip("needs mkfifo");
        }
    }
}
