using Microsoft.Playwright;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.BrowserTests.Support;

/// <summary>A test that looks at the application through a browser. At its end no page may have complained.</summary>
public abstract class BrowserTest(ServedPlan served, Browser browser) : IAsyncLifetime
{
    private readonly List<Tab> _tabs = [];
    private readonly List<IBrowserContext> _contexts = [];

    protected SeededPlan Plan => served.Plan;

    public virtual ValueTask InitializeAsync()
    {
        browser.MustBeThere();
        return ValueTask.CompletedTask;
    }

    /// <summary>A page with cookies of its own, where nobody is signed in.</summary>
    protected async Task<Tab> OpenBrowserAsync(string language, BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        // A drawing that is still moving is not yet what it will be.
        options.ReducedMotion = ReducedMotion.Reduce;
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(60_000);
        _contexts.Add(context);
        return await OpenTabAsync(context, language);
    }

    /// <summary>Another page beside one that is open, for the same person.</summary>
    protected async Task<Tab> OpenTabAsync(IBrowserContext context, string language)
    {
        var tab = new Tab(await context.NewPageAsync(), served.Address, language, SeededPlan.PlanCode);
        _tabs.Add(tab);
        return tab;
    }

    protected async Task<Tab> SignInAsync(string name, string language = "en", BrowserNewContextOptions? options = null)
    {
        var tab = await OpenBrowserAsync(language, options);
        await tab.SignInAsync(name, DemonstrationAccounts.Password, Wording.Of(language));
        return tab;
    }

    /// <summary>As <see cref="SignInAsync"/>, with the cookies of the first time, where many tests look at one plan.</summary>
    protected async Task<Tab> SignInAgainAsync(string name, string language, BrowserNewContextOptions options)
    {
        if (!served.Cookies.TryGetValue(name, out var cookies))
        {
            var first = await SignInAsync(name);
            cookies = served.Cookies[name] = await first.Page.Context.StorageStateAsync();
        }

        options.StorageState = cookies;
        return await OpenBrowserAsync(language, options);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
            await context.DisposeAsync();
        GC.SuppressFinalize(this);
        _tabs.SelectMany(t => t.Complaints).Should().BeEmpty("a page must work without errors");
    }
}
