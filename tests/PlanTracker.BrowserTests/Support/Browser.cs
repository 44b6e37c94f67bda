using Microsoft.Playwright;
using PlanTracker.BrowserTests.Support;

[assembly: AssemblyFixture(typeof(Browser))]

namespace PlanTracker.BrowserTests.Support;

/// <summary>The installed Chromium, started once for the whole run. Where there is none, the tests are skipped and say how to get one.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Names the browser to use, instead of the usual places.</summary>
    public const string Variable = "PLANTRACKER_CHROMIUM";

    private const string HowToGetOne =
        "No Chromium was found, so nothing was seen in a browser. Install one (Debian: apt-get install chromium-headless-shell fonts-noto-cjk; "
        + "Windows and macOS: Google Chrome or Microsoft Edge), or name it: " + Variable + "=/path/to/chromium";

    private static readonly string[] Arguments =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
            return;

        // A limit of waiting, not of speed: on a busy machine a page may take its time.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        // Without a word about it the driver leaves the sandbox out; only root has to do without.
        var sandbox = !(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = Arguments, ChromiumSandbox = sandbox });
    }

    /// <summary>Cookies, cache and windows of one's own.</summary>
    public Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options) => _browser!.NewContextAsync(options);

    /// <summary>Skips the running test when there is no browser.</summary>
    public void MustBeThere() => Assert.SkipWhen(_browser is null, HowToGetOne);

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <exception cref="FileNotFoundException">A browser is named and is not there; another one is not taken instead.</exception>
    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } named)
            return UsualPlaces().FirstOrDefault(File.Exists);
        return File.Exists(named) ? named : throw new FileNotFoundException($"{Variable} names '{named}', which is not there.");
    }

    private static IEnumerable<string> UsualPlaces()
    {
        if (OperatingSystem.IsMacOS())
        {
            return
            [
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
                "/Applications/Chromium.app/Contents/MacOS/Chromium",
                "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
            ];
        }

        if (!OperatingSystem.IsWindows())
            return ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/snap/bin/chromium"];

        var roots = new[] { Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86, Environment.SpecialFolder.LocalApplicationData };
        var programs = new[] { @"Google\Chrome\Application\chrome.exe", @"Chromium\Application\chrome.exe", @"Microsoft\Edge\Application\msedge.exe" };
        return programs.SelectMany(program => roots.Select(root => Path.Combine(Environment.GetFolderPath(root), program)));
    }
}
