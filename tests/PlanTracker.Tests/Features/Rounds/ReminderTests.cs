using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Rounds;
using PlanTracker.Platform.Mail;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Rounds;

/// <summary>Reminders by mail: to whom they go, what they say, and that each goes out once at most.</summary>
public sealed class ReminderTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster);
    private readonly SmtpSink _sink = new();

    private RoundSteps _steps = null!;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        _steps = new RoundSteps(_plan);
        await SetAsync("zhejiang", p => { p.Email = "zhejiang@example.org"; p.Language = Language.Chinese; });
        await _steps.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _sink.DisposeAsync();
        await _plan.DisposeAsync();
    }

    [Fact]
    public async Task A_reminder_says_what_is_due_in_the_persons_language_with_links_to_the_public_site()
    {
        await SendAsync();

        var mail = _sink.Mails.Should().ContainSingle().Which;
        mail.To.Mailboxes.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "Zhejiang reporter", Address = "zhejiang@example.org" });
        mail.From.Mailboxes.Single().Address.Should().Be("plantracker@example.org");
        mail.Subject.Should().Be("填报已开始：2025 年报，还剩 21 天（2026-03-31）");
        mail.TextBody.Should().Contain("“2025 年报”").And.Contain("您应填报 1 个数据，其中缺 1 个").And.Contain("截止后未经例外许可不再接收。")
            .And.Contain("https://plan.example.org/pt/zh/plans/14fyp-informatization/work/P-RD-INT?period=2025").And.NotContain("I13");
        mail.Headers[HeaderId.AutoSubmitted].Should().Be("auto-generated");
        mail.MessageId.Should().EndWith("@example.org");
    }

    [Fact]
    public async Task Where_the_language_is_not_known_it_is_written_in_both()
    {
        await SetAsync("zhejiang", p => p.Language = null);

        await SendAsync();

        var mail = _sink.Mails.Should().ContainSingle().Which;
        mail.Subject.Should().Contain("Reporting has opened: Year 2025, due in 21 days").And.Contain("填报已开始");
        mail.TextBody.Should().Contain("1 missing").And.Contain("/pt/en/plans/").And.Contain("缺 1 个").And.Contain("/pt/zh/plans/");
    }

    [Fact]
    public async Task Signing_in_tells_the_language()
    {
        using (await Visitor.SignedInAsync(_plan.Application, "zhejiang"))
        {
        }

        (await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "zhejiang").Select(p => p.Language).SingleAsync())).Should().Be(Language.English);
    }

    [Fact]
    public async Task One_goes_out_at_the_opening_a_week_and_a_day_before_the_deadline_and_the_day_after()
    {
        foreach (var day in new[] { "2026-03-01", "2026-03-02", "2026-03-24", "2026-03-25", "2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02", "2026-04-20" })
        {
            _steps.ItIs(day);
            await SendAsync();
            await SendAsync();
        }

        _sink.Mails.Select(m => m.Subject).Should().Equal(
            "填报已开始：2025 年报，还剩 30 天（2026-03-31）", "填报提醒：2025 年报，还剩 7 天（2026-03-31）", "填报提醒：2025 年报，明日截止（2026-03-31）",
            "填报提醒：2025 年报，逾期 1 天（2026-03-31）");
    }

    [Fact]
    public async Task Nobody_is_reminded_who_is_disabled_has_no_address_does_not_report_or_owes_nothing()
    {
        await SetAsync("reporter", p => { p.Email = "reporter@example.org"; p.Disabled = true; });
        await SetAsync("reviewer", p => p.Email = "reviewer@example.org");
        await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4");

        await SendAsync();

        _sink.Mails.Should().BeEmpty();
        (await RemindersAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Who_is_disabled_or_has_reported_since_it_was_asked_for_gets_none()
    {
        await SetAsync("reporter", p => p.Email = "reporter@example.org");
        (await _steps.WithAsync((store, plan, by) => store.RemindAsync(plan, RoundSteps.Code, by, CancellationToken.None))).Should().Be(2);
        await SetAsync("reporter", p => p.Disabled = true);
        await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4");

        await SendAsync();

        _sink.Mails.Should().BeEmpty();
        (await RemindersAsync()).Select(r => r.State).Should().OnlyContain(s => s == ReminderState.Dropped);
    }

    [Fact]
    public async Task Of_many_senders_at_once_one_sends()
    {
        await SetAsync("reporter", p => p.Email = "reporter@example.org");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync()));

        _sink.Mails.Select(m => m.To.Mailboxes.Single().Address).Should().BeEquivalentTo("reporter@example.org", "zhejiang@example.org");
    }

    [Fact]
    public async Task Of_many_who_reach_for_one_mail_one_gets_it()
    {
        await _plan.WithAsync(async (db, _) => { await new ReminderQueue(db, _steps.Clock).PlanAsync(CancellationToken.None); return true; });
        using var ready = new SemaphoreSlim(0);
        var start = new TaskCompletionSource();
        var claims = Enumerable.Range(0, 30).Select(_ => _plan.WithAsync(async (db, _) =>
        {
            await db.Database.OpenConnectionAsync();
            ready.Release();
            await start.Task;
            return await new ReminderQueue(db, _steps.Clock).ClaimAsync(CancellationToken.None);
        })).ToList();

        foreach (var _ in claims)
            await ready.WaitAsync();
        start.SetResult();

        (await Task.WhenAll(claims)).Count(c => c is not null).Should().Be(1);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_tried_again_after_a_pause_and_the_administrator_sees_it()
    {
        await SendAsync(port: ClosedPort());
        (await RemindersAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { State = ReminderState.Failed, Attempts = 1 });
        await SendAsync();
        _sink.Mails.Should().BeEmpty("the pause is not over");

        await using var configured = new PlanApplication(_plan.ConnectionString, "Development", [.. Settings("127.0.0.1", ClosedPort())]);
        await using var application = Silent(configured);
        using (var administrator = await Visitor.SignedInAsync(application, "administrator"))
        {
            using var page = await administrator.PageAsync("/en/plans/14fyp-informatization/rounds/y2025");
            page.QuerySelector("#mails")!.ParentElement!.TextContent.Should().Contain("Zhejiang reporter").And.Contain("not taken by the server").And.Contain("again at 2026-03-10 08:05 UTC");
        }

        _steps.Clock.Advance(TimeSpan.FromMinutes(5));
        await SendAsync();
        _sink.Mails.Should().ContainSingle();
        (await RemindersAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { State = ReminderState.Sent, Attempts = 2, Error = (string?)null });
    }

    [Fact]
    public async Task It_gives_up_after_a_few_attempts()
    {
        _sink.RefuseWith = "550 no such mailbox";
        for (var i = 0; i < 8; i++)
        {
            await SendAsync();
            _steps.Clock.Advance(TimeSpan.FromHours(7));
        }

        (await RemindersAsync()).Should().ContainSingle().Which.Should()
            .BeEquivalentTo(new { State = ReminderState.Failed, Attempts = 5, NextAttemptAt = (DateTimeOffset?)null, Error = "no such mailbox" });
    }

    [Fact]
    public async Task What_may_have_arrived_is_not_sent_again()
    {
        _sink.BreakAfterData = true;
        await SendAsync();
        _steps.Clock.Advance(TimeSpan.FromHours(7));
        await SendAsync();

        _sink.Mails.Should().ContainSingle();
        (await RemindersAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { State = ReminderState.Unknown, NextAttemptAt = (DateTimeOffset?)null });
    }

    [Fact]
    public async Task What_a_sender_had_taken_when_it_died_is_not_sent_again()
    {
        await _plan.WithAsync(async (db, _) =>
        {
            var queue = new ReminderQueue(db, _steps.Clock);
            await queue.PlanAsync(CancellationToken.None);
            return await queue.ClaimAsync(CancellationToken.None);
        });

        _steps.Clock.Advance(TimeSpan.FromHours(7));
        await SendAsync();

        _sink.Mails.Should().BeEmpty();
        (await RemindersAsync()).Should().ContainSingle().Which.State.Should().Be(ReminderState.Sending);
    }

    [Fact]
    public async Task Without_a_server_nothing_is_sent_and_the_administrator_is_told()
    {
        await SendAsync(host: "");
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        using var page = await administrator.PageAsync("/zh/plans/14fyp-informatization/rounds/y2025");

        page.QuerySelector("#mails")!.ParentElement!.TextContent.Should().Contain("未配置邮件服务器");
        page.QuerySelector("form[action$='/remind']").Should().BeNull();
        (await RemindersAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Remind_now_enters_one_mail_a_day_and_is_recorded()
    {
        await using var configured = new PlanApplication(_plan.ConnectionString, "Development", [.. Settings("127.0.0.1", ClosedPort())]);
        await using var application = Silent(configured);
        // The clock of the application is that of the machine: the round has to be open today.
        await _plan.WithAsync((db, _) => db.ReportingRounds.ExecuteUpdateAsync(r => r.SetProperty(x => x.Deadline, new DateOnly(2090, 1, 1)).SetProperty(x => x.OpensOn, new DateOnly(2026, 1, 1))));
        using var administrator = await Visitor.SignedInAsync(application, "administrator");
        const string Page = "/en/plans/14fyp-informatization/rounds/y2025";

        using var first = await administrator.PostAsync(Page + "/remind", [], Page);
        using var second = await administrator.PostAsync(Page + "/remind", [], Page);

        first.Headers.Location!.ToString().Should().EndWith("?reminded=1");
        second.Headers.Location!.ToString().Should().EndWith("?reminded=0");
        (await RemindersAsync()).Count(r => r.Kind == ReminderKind.Asked).Should().Be(1);
        (await _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(a => a.Action == "round.reminded"))).Should().Be(2);
    }

    [Fact]
    public async Task The_application_sends_by_itself()
    {
        await _plan.WithAsync((db, _) => db.ReportingRounds.ExecuteUpdateAsync(r => r.SetProperty(x => x.Deadline, new DateOnly(2090, 1, 1))));
        await using var application = new PlanApplication(_plan.ConnectionString, "Development", [.. Settings("127.0.0.1", _sink.Port)]);
        _ = application.Services;

        for (var i = 0; i < 100 && _sink.Mails.Count == 0; i++)
            await Task.Delay(100);

        _sink.Mails.Should().ContainSingle();
    }

    /// <summary>One pass of a sender of its own, as another node would make it.</summary>
    private async Task SendAsync(string host = "127.0.0.1", int? port = null)
    {
        var mail = Options.Create(new MailOptions
        {
            Host = host,
            Port = port ?? _sink.Port,
            Security = MailSecurity.None,
            From = "PlanTracker <plantracker@example.org>",
            PublicBaseUrl = new Uri("https://plan.example.org/pt/"),
        });
        await _plan.WithAsync(async (db, _) =>
        {
            await new ReminderSender(db, new ReminderQueue(db, _steps.Clock), new Mailer(mail), mail, _steps.Clock).PassAsync(CancellationToken.None);
            return true;
        });
    }

    /// <summary>An application that knows a mail server and sends nothing by itself.</summary>
    private static WebApplicationFactory<Program> Silent(PlanApplication application) => application.WithWebHostBuilder(host => host.ConfigureTestServices(services =>
        services.Remove(services.Single(s => s.ImplementationType == typeof(ReminderService)))));

    private static (string Name, string Value)[] Settings(string host, int port) =>
    [
        ("Mail:Host", host), ("Mail:Port", port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("Mail:Security", "None"),
        ("Mail:From", "plantracker@example.org"), ("Mail:PublicBaseUrl", "https://plan.example.org"),
    ];

    /// <summary>A port that was free a moment ago.</summary>
    private static int ClosedPort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task SetAsync(string name, Action<Person> change) => _plan.WithAsync(async (db, _) =>
    {
        change(await db.Users.SingleAsync(p => p.UserName == name));
        return await db.SaveChangesAsync();
    });

    private Task<List<Reminder>> RemindersAsync() => _plan.WithAsync((db, _) => db.Reminders.OrderBy(r => r.Id).ToListAsync());
}
