namespace PlanTracker.Platform.Security;

/// <summary>Names browser and system from what a browser says of itself, so that people know their own again.</summary>
public static class BrowserName
{
    // Each says that it is also the ones below it.
    private static readonly (string Sign, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("MicroMessenger/", "WeChat"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Sign, string Name)[] Systems =
        [("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("OpenHarmony", "HarmonyOS"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <param name="userAgent">The header <c>User-Agent</c>, with whatever anybody wrote into it.</param>
    /// <returns>Known names only; nothing where there is none.</returns>
    public static string? Of(string userAgent)
    {
        var known = new[] { Named(Browsers), Named(Systems) }.OfType<string>();
        return string.Join(" · ", known) is { Length: > 0 } name ? name : null;

        string? Named((string Sign, string Name)[] of) => Array.Find(of, k => userAgent.Contains(k.Sign, StringComparison.Ordinal)).Name;
    }
}
