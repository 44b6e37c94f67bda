using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace PlanTracker.BrowserTests.Support;

/// <summary>A page as one person sees it. What the browser complains about is kept, and fails the test.</summary>
public sealed class Tab
{
    /// <summary>Pages that belong to no plan.</summary>
    private static readonly string[] OfTheSite = ["/account", "/people", "/audit"];

    private readonly List<string> _complaints = [];
    private readonly HashSet<int> _refusals = [];
    private readonly string _home;
    private bool _examined;
    private bool _offline;
    private readonly string _plan;

    public Tab(IPage page, Uri site, string language, string planCode)
    {
        Page = page;
        _home = $"{site.GetLeftPart(UriPartial.Authority)}/{language}";
        _plan = $"{_home}/plans/{planCode}";
        page.PageError += (_, error) => _complaints.Add($"{page.Url}: {error}");
        // The content policy is reported here too.
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !_examined)
                _complaints.Add($"{page.Url}: {message.Text}");
        };
    }

    public IPage Page { get; }

    public ILocator Main => Page.Locator("main");

    /// <summary>What the browser complained about, without the refusals that were asked for.</summary>
    public IEnumerable<string> Complaints => _complaints.Where(c => !_refusals.Any(s => c.Contains($"responded with a status of {s}", StringComparison.Ordinal))
        && !(_offline && c.Contains("ERR_INTERNET_DISCONNECTED", StringComparison.Ordinal)));

    /// <summary>Opens a page of the plan, named by what stands behind the plan in the address, or one about accounts.</summary>
    public async Task OpenAsync(string path, int status = 200)
    {
        Expect(status);
        var response = await Page.GotoAsync((OfTheSite.Any(p => path.StartsWith(p, StringComparison.Ordinal)) ? _home : _plan) + path);
        response!.Status.Should().Be(status, "that is what {0} answers", path);
    }

    /// <summary>Sends a form that the server must refuse, and waits for its answer.</summary>
    public async Task RefusedAsync(Func<Task> send, int status = 422)
    {
        Expect(status);
        var response = await Page.RunAndWaitForResponseAsync(send, r => r.Request.IsNavigationRequest || r.Request.ResourceType == "xhr" || (r.Request.ResourceType == "fetch" && r.Status >= 400));
        response.Status.Should().Be(status);
    }

    public async Task SignInAsync(string name, string password, Wording words)
    {
        await OpenAsync("");
        await Page.GetByLabel(words.Name, new() { Exact = true }).FillAsync(name);
        await Page.GetByLabel(words.Password, new() { Exact = true }).FillAsync(password);
        await Button(words.SignIn).ClickAsync();
        await Page.WaitForURLAsync(_plan);
    }

    public ILocator Button(string text) => Main.GetByRole(AriaRole.Button, new() { Name = text, Exact = true });

    /// <summary>Follows a link of the main navigation.</summary>
    public Task FollowAsync(string text) => Page.Locator(".main-nav").GetByRole(AriaRole.Link, new() { Name = text, Exact = true }).ClickAsync();

    /// <summary>The line of an indicator in the page's table of indicators.</summary>
    public ILocator Line(string indicator) => Main.Locator($"table tr[data-indicator='{indicator}']");

    /// <summary>The value a trend chart is drawn from at one period; empty where there is none.</summary>
    public async Task<string> PlottedAsync(string indicator, string period) =>
        await RowOf(Main.Locator($"figure[data-chart='line'][data-indicator='{indicator}'] tbody tr"), period)
            .Locator("td").First.GetAttributeAsync("data-value") ?? "";

    /// <summary>The row whose heading begins with <paramref name="heading"/>; 2024 is not the beginning of 2024-06.</summary>
    public static ILocator RowOf(ILocator rows, string heading)
    {
        var begins = new Regex($@"^\s*{Regex.Escape(heading)}(?![\w-])", RegexOptions.None, TimeSpan.FromSeconds(1));
        return rows.Filter(new() { Has = rows.Page.Locator("th", new() { HasTextRegex = begins }) });
    }

    /// <summary>What axe finds against WCAG 2.2 A and AA.</summary>
    public async Task<IReadOnlyList<string>> BarriersAsync()
    {
        // From here on the page's policy is broken by axe, which writes styles into the page.
        _examined = true;
        var rules = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");
        var axe = await Page.RunAxe(new AxeRunOptions { RunOnly = rules, ResultTypes = [ResultType.Violations] });
        return [.. axe.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}"))];
    }

    public async Task<string> TextAsync() => await Main.InnerTextAsync();

    /// <summary>Takes the connection away, or gives it back.</summary>
    public Task OfflineAsync(bool offline)
    {
        _offline = true;
        return Page.Context.SetOfflineAsync(offline);
    }

    private void Expect(int status)
    {
        if (status >= 400)
            _refusals.Add(status);
    }
}
