using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PlanTracker.BrowserTests.Support;
using PlanTracker.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace PlanTracker.BrowserTests;

/// <summary>From the own account to the door and back, with a device that Chromium plays.</summary>
public sealed class PasskeyJourneyTests(TestCluster cluster, Browser browser) : OwnPlanTest(cluster, browser)
{
    private const string Password = "demo plan tracker";

    [Theory]
    [InlineData("en", "Name of the new passkey", "Present password", "Add a passkey", "Sign in with a passkey", "Remove", "The password is wrong", "did not open")]
    [InlineData("zh", "新通行密钥名称", "当前密码", "添加通行密钥", "使用通行密钥登录", "移除", "密码错误", "未能登录")]
    public async Task A_passkey_is_added_opens_the_door_is_removed_and_opens_it_no_more(
        string language, string name, string password, string add, string enter, string remove, string wrong, string refused)
    {
        var tab = await SignInAsync("leader", language);
        await PlugInAsync(tab);
        await tab.OpenAsync("/account");
        var form = tab.Main.Locator("form[data-passkey]");
        await form.GetByLabel(name).FillAsync("Office laptop");
        await form.GetByLabel(password).FillAsync("not the password");
        await tab.RefusedAsync(() => tab.Button(add).ClickAsync());
        await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync(wrong);
        await form.GetByLabel(password).FillAsync(Password);
        await tab.Button(add).ClickAsync();
        await Expect(tab.Main.Locator(".passkeys strong")).ToHaveTextAsync("Office laptop");
        (await tab.BarriersAsync()).Should().BeEmpty("the page keeps to WCAG 2.2, level AA");

        await SignOutAsync(tab);
        await EnterAsync(tab, enter);
        await tab.Page.WaitForURLAsync(new Regex($"/{language}(/plans/.*)?$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await tab.OpenAsync("/account");
        await tab.Main.Locator(".passkeys").GetByRole(AriaRole.Button, new() { Name = $"{remove} Office laptop", Exact = true }).ClickAsync();
        await Expect(tab.Main.Locator(".passkeys")).ToHaveCountAsync(0);

        await SignOutAsync(tab);
        await RefusedAsync(tab, enter, refused);
    }

    [Fact]
    public async Task A_disabled_person_is_refused()
    {
        var tab = await SignInAsync("leader");
        await PlugInAsync(tab);
        await tab.OpenAsync("/account");
        var form = tab.Main.Locator("form[data-passkey]");
        await form.GetByLabel("Name of the new passkey").FillAsync("Office laptop");
        await form.GetByLabel("Present password").FillAsync(Password);
        await tab.Button("Add a passkey").ClickAsync();
        await Expect(tab.Main.Locator(".passkeys strong")).ToHaveTextAsync("Office laptop");
        await SignOutAsync(tab);
        await Plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").ExecuteUpdateAsync(p => p.SetProperty(x => x.Disabled, true)));

        await RefusedAsync(tab, "Sign in with a passkey", "did not open");
    }

    [Fact]
    public async Task Where_the_browser_cannot_do_it_nothing_is_offered()
    {
        var tab = await OpenBrowserAsync("en", new() { JavaScriptEnabled = false });
        await tab.OpenAsync("/account/sign-in");

        await Expect(tab.Main.Locator("form[data-passkey]")).ToBeHiddenAsync();
        await Expect(tab.Button("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_device_that_stays_locked_is_said_so()
    {
        var tab = await OpenBrowserAsync("en");
        await PlugInAsync(tab, unlocked: false);

        await EnterAsync(tab, "Sign in with a passkey");

        await Expect(tab.Main.Locator("form[data-passkey]").GetByRole(AriaRole.Alert)).ToContainTextAsync("Try again");
    }

    /// <summary>A device with a lock, built in, that answers by itself.</summary>
    private static async Task PlugInAsync(Tab tab, bool unlocked = true)
    {
        var devices = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = unlocked,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    private static async Task SignOutAsync(Tab tab)
    {
        await tab.Page.Locator("form[action$='/account/sign-out'] button").ClickAsync();
        await Expect(tab.Page.Locator("form[action$='/account/sign-out']")).ToHaveCountAsync(0);
    }

    private static async Task EnterAsync(Tab tab, string enter)
    {
        await tab.OpenAsync("/account/sign-in");
        await tab.Button(enter).ClickAsync();
    }

    private static async Task RefusedAsync(Tab tab, string enter, string refused)
    {
        await tab.OpenAsync("/account/sign-in");
        await tab.RefusedAsync(() => tab.Button(enter).ClickAsync());
        await Expect(tab.Main.Locator(".notice-error").GetByText(refused)).ToBeVisibleAsync();
    }
}
