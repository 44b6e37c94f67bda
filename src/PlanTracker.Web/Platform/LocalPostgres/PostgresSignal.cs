using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>The two ways to end a server; .NET itself knows only the second.</summary>
internal static class PostgresSignal
{
    private const byte SigInt = 2;

    /// <summary>Asks for a fast shutdown: open transactions are rolled back, the data is left in order.</summary>
    public static void Interrupt(int processId)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Kill(processId, SigInt);
            return;
        }
        // PostgreSQL stands in for signals there with a pipe that takes the number and answers.
        using var pipe = new NamedPipeClientStream(string.Create(CultureInfo.InvariantCulture, $"pgsignal_{processId}"));
        pipe.Connect(TimeSpan.FromSeconds(1));
        pipe.WriteByte(SigInt);
        _ = pipe.ReadByte();
    }

    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
