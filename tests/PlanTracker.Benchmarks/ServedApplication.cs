using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PlanTracker.Benchmarks;

/// <summary>The application as a process of its own, in Production, with a real server on the loopback; it ends when this is disposed.</summary>
internal sealed class ServedApplication : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ServedApplication(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<ServedApplication> StartAsync(string connectionString, CancellationToken ct)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}/"));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "PlanTracker.Web.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["ConnectionStrings__PlanTracker"] = connectionString,
                ["Serilog__MinimumLevel__Default"] = "Error",
                ["Serilog__MinimumLevel__Override__Microsoft"] = "Error",
                ["Serilog__MinimumLevel__Override__Microsoft.Hosting.Lifetime"] = "Error",
            },
        };
        var served = new ServedApplication(Process.Start(start)!, address);
        served._process.OutputDataReceived += (_, line) => Say(line.Data);
        served._process.ErrorDataReceived += (_, line) => Say(line.Data);
        served._process.BeginOutputReadLine();
        served._process.BeginErrorReadLine();
        try
        {
            await served.WaitAsync(ct);
            return served;
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }
    }

    /// <summary>Memory the process holds, in megabytes.</summary>
    public long Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 >> 20;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        using var client = new HttpClient { BaseAddress = Address };
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(200, ct))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > StartsWithin)
                throw new InvalidOperationException("The application does not start.");
            try
            {
                using var answer = await client.GetAsync(new Uri("health/ready", UriKind.Relative), ct);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    /// <summary>Errors of the application, the first line of each.</summary>
    private static void Say(string? line)
    {
        if (line is ['[', ..])
            Console.Error.WriteLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
