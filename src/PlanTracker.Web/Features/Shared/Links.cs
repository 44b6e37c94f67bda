using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.Extensions;
using PlanTracker.Data;
using PlanTracker.Data.Exports;
using PlanTracker.Domain;
using PlanTracker.Platform.Languages;

namespace PlanTracker.Features.Shared;

/// <summary>
/// Addresses of the product, in the language of the page they stand on. Each opens the same picture for whoever follows it; on a page that shows
/// the past or judges by another method, the addresses of what can be shown so keep the day and the method.
/// </summary>
public sealed class Links(Language language, string? plan, DateOnly? asOf = null, StatusMethod? method = null)
{
    private string Home => $"/{language.Segment()}";

    private string Plan => $"{Home}/plans/{plan}";

    public string Start => Home;

    public string Overview => Past(Plan);

    /// <summary>Where a person begins: whose reading is limited, with what is due from them, or with the data.</summary>
    public string HomeOf(Reader reader, ClaimsPrincipal user) => !reader.IsLimited ? Overview : user.IsInRole(Roles.Reporter) ? Work : Readings();

    /// <summary>The progress report of the whole plan, for paper.</summary>
    public string Report => Past($"{Plan}/report");

    public string ElementReport(string code) => Past($"{Plan}/elements/{code}/report");

    public string RegionReport(string code) => Past($"{Plan}/regions/{code}/report");

    public string Elements => Past($"{Plan}/elements");

    public string Indicators => Past($"{Plan}/indicators");

    public string IndicatorsPage(int page) => Past($"{Plan}/indicators", ("page", page.ToString(CultureInfo.InvariantCulture)));

    public string Regions => Past($"{Plan}/regions");

    public string RegionsPage(int page) => Past($"{Plan}/regions", ("page", page.ToString(CultureInfo.InvariantCulture)));

    public string Compare(params (string Name, string? Value)[] choice) => Past($"{Plan}/compare", choice);

    public string Changes => Past($"{Plan}/changes");

    public string Method => Past($"{Plan}/method");

    public string ChangesSince(DateOnly day) => Past($"{Plan}/changes", ("from", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));

    /// <summary>What is found under a text; without one, where the search box leads.</summary>
    public string Search(string? text = null) => Past($"{Plan}/search", ("q", text));

    public string Work => $"{Plan}/work";

    public string Review => $"{Plan}/review";

    /// <summary>Part of what waits for review.</summary>
    public string ReviewOf(params (string Name, string? Value)[] filter) => With(Review, filter);

    public string ReviewReports => $"{Plan}/review/progress";

    /// <summary>Files of figures.</summary>
    public string Imports => $"{Plan}/imports";

    public string Import(int id, params (string Name, string? Value)[] filter) => With($"{Plan}/imports/{id.ToString(CultureInfo.InvariantCulture)}", filter);

    public string ImportAction(int id, string action) => $"{Import(id)}/{action}";

    /// <summary>A file to fill in with what is due.</summary>
    public string ImportTemplate(string extension, params (string Name, string? Value)[] choice) => With($"{Plan}/imports/template.{extension}", choice);

    /// <summary>The person's own account.</summary>
    public string Account => $"{Home}/account";

    public string AccountAction(string action) => $"{Account}/{action}";

    /// <summary>Where they stand on the person's own account.</summary>
    public string Passkeys => $"{Account}#passkeys";

    public string Sessions => $"{Account}#sessions";

    public string PasskeyAction(string key, string action) => AccountAction($"passkeys/{key}/{action}");

    public string PasskeySignIn => $"{SignIn}/passkey";

    /// <summary>The second step of signing in.</summary>
    public string SecondStep(string? returnUrl) => With($"{SignIn}/second", ("returnUrl", returnUrl));

    /// <summary>To the service by which people sign in, and back from it.</summary>
    public string Service(string? returnUrl) => With($"{SignIn}/service", ("returnUrl", returnUrl));

    public string ServiceBack(string? returnUrl) => With($"{SignIn}/service/back", ("returnUrl", returnUrl));

    public string SetUp => $"{Account}/set-up";

    /// <summary>Everybody with an account.</summary>
    public string People(params (string Name, string? Value)[] filter) => With($"{Home}/people", filter);

    public string NewPerson => $"{Home}/people/new";

    public string Person(Guid id) => $"{Home}/people/{id}";

    public string PersonAction(Guid id, string action) => $"{Person(id)}/{action}";

    /// <summary>The person's own tokens.</summary>
    public string Tokens => $"{Home}/account/tokens";

    public string RevokeToken(int id) => $"{Tokens}/{id.ToString(CultureInfo.InvariantCulture)}/revoke";

    /// <summary>What programs can ask and send.</summary>
    public string Api => $"{Home}/api";

    /// <summary>The same for programs.</summary>
    public const string ApiDocument = "/api/v1/openapi.json";

    /// <summary>What everybody did, on the whole site.</summary>
    public string Audit(params (string Name, string? Value)[] filter) => With($"{Home}/audit", filter);

    public string AuditCsv(params (string Name, string? Value)[] filter) => With($"{Home}/audit.csv", filter);

    /// <summary>Whether the chain of events is whole.</summary>
    public string AuditVerify => $"{Home}/audit/verify";

    /// <summary>The head of the chain as a file.</summary>
    public string AuditAnchor => $"{Home}/audit/anchor.txt";

    public string SignIn => $"{Home}/account/sign-in";

    /// <summary>Where a new password is tried.</summary>
    public string SignInAfterPassword => With(SignIn, ("passwordSet", "true"));

    /// <summary>The reporting calendar.</summary>
    public string Rounds => $"{Plan}/rounds";

    public string NewRound => $"{Plan}/rounds/new";

    public string Round(string code) => $"{Plan}/rounds/{code}";

    public string RoundAction(string code, string action) => $"{Plan}/rounds/{code}/{action}";

    public string Completeness(string code, params (string Name, string? Value)[] filter) => With($"{Plan}/rounds/{code}/completeness", filter);

    public string CompletenessCsv(string code, params (string Name, string? Value)[] filter) => With($"{Plan}/rounds/{code}/completeness.csv", filter);

    public string SignOut => $"{Home}/account/sign-out";

    public string Element(string code) => Past($"{Plan}/elements/{code}");

    public string Milestones(string element) => $"{Plan}/elements/{element}/milestones";

    /// <summary>A goal in words: what was said about it and when.</summary>
    public string Goal(string code) => Past($"{Plan}/goals/{Uri.EscapeDataString(code)}");

    /// <summary>What was said about a project item and when; what the item is stands on its page as an element.</summary>
    public string ItemProgress(string code) => Past($"{Plan}/items/{Uri.EscapeDataString(code)}");

    /// <summary>The page of a goal or an item with what was reported about it.</summary>
    public string Progress(SubjectKind kind, string code) => kind == SubjectKind.Goal ? Goal(code) : ItemProgress(code);

    /// <summary>The form to report about it.</summary>
    public string ReportProgress(SubjectKind kind, string code) => $"{Plan}/{(kind == SubjectKind.Goal ? "goals" : "items")}/{Uri.EscapeDataString(code)}/progress";

    public string EvidenceFile(Guid id) => $"{Plan}/evidence/{id}";

    /// <summary>What a confidence means.</summary>
    public string Meaning(DeliveryConfidence confidence) => $"{Method}#confidence-{Kebab.Of(confidence)}";

    /// <summary>How reports are rolled up.</summary>
    public string ProgressMethod => $"{Method}#progress";

    public string Region(string code, string? indicator = null) => Past($"{Plan}/regions/{code}", ("indicator", indicator));

    /// <summary>A further page of a region's indicators.</summary>
    public string RegionPage(string code, int page, string? indicator) => Past($"{Plan}/regions/{code}", ("indicator", indicator), ("page", page.ToString(CultureInfo.InvariantCulture))) + "#all";

    public string Indicator(string code, string? region = null, Period? period = null) =>
        Past($"{Plan}/indicators/{code}", ("region", region), ("period", period?.ToString()));

    /// <summary>Why an indicator has its status in a region; in the whole country when none is named.</summary>
    public string Why(string code, string? region = null) => Past($"{Plan}/indicators/{code}/why", ("region", region));

    public string WhyJson(string code, string region) => Past($"{Plan}/indicators/{code}/why.json", ("region", region));

    /// <summary>What is asked about figures of an indicator.</summary>
    public string Rules(string indicator) => $"{Plan}/indicators/{indicator}/rules";

    public string Targets(string indicator, string region) => With($"{Plan}/indicators/{indicator}/targets", ("region", region));

    public string Entry(string indicator, Period? period = null) => With($"{Plan}/work/{indicator}", ("period", period?.ToString()));

    /// <summary>The form for one region.</summary>
    public string RegionEntry(string region, Frequency? frequency = null) =>
        With($"{Plan}/work/regions/{region}", ("frequency", frequency is { } f ? Kebab.Of(f) : null));

    /// <summary>Where a region is chosen to be entered.</summary>
    public string WorkOn => $"{Plan}/work/regions";

    /// <summary>What is due of an indicator, from one period to another.</summary>
    public string EntryOfDue(string indicator, Period from, Period to) =>
        With($"{Plan}/work/{indicator}", ("from", from.ToString()), ("to", to.ToString()), ("due", "true"));

    public string Drafts => $"{Plan}/work/drafts";

    /// <summary>One cell with its history and remarks.</summary>
    public string Cell(string indicator, string region, Period period) => $"{Plan}/work/{indicator}/{region}/{period}";

    public string Readings(params (string Name, string? Value)[] filter) => Past($"{Plan}/readings", filter);

    /// <summary>The same readings as a file.</summary>
    public string ReadingsFile(ExportFormat format, params (string Name, string? Value)[] filter) => Past($"{Plan}/readings.{format.Extension}", filter);

    public string ReadingsCsv(params (string Name, string? Value)[] filter) => ReadingsFile(ExportFormat.Csv, filter);

    /// <summary>The same page in another language, with all that stands behind the question mark.</summary>
    public static string InLanguage(HttpRequest request, Language language)
    {
        var path = request.Path.Value ?? "/";
        var rest = path.StartsWith("/en", StringComparison.Ordinal) || path.StartsWith("/zh", StringComparison.Ordinal) ? path[3..] : "";
        return $"/{language.Segment()}{rest}{request.QueryString}";
    }

    /// <summary>An address of the day the page shows, by the method it shows.</summary>
    private string Past(string path, params (string Name, string? Value)[] query) =>
        With(path,
        [
            .. query, (CurrentPlanFilter.AsOf, asOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            (CurrentPlanFilter.Method, method == StatusMethods.Path ? null : method?.Code),
        ]);

    /// <summary>The same page as it is today.</summary>
    public static string WithoutPastDay(HttpRequest request) => Without(request, CurrentPlanFilter.AsOf);

    /// <summary>The same page by the default method.</summary>
    public static string WithoutMethod(HttpRequest request) => Without(request, CurrentPlanFilter.Method);

    /// <summary>What stands behind the question mark, one by one.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Query(HttpRequest request) =>
        request.Query.SelectMany(q => q.Value, (q, v) => KeyValuePair.Create(q.Key, v ?? ""));

    /// <summary>Names in addresses are the same in small and capital letters.</summary>
    public static bool Names(string key, string name) => string.Equals(key, name, StringComparison.OrdinalIgnoreCase);

    private static string Without(HttpRequest request, string name) => request.Path + new QueryBuilder(Query(request).Where(q => !Names(q.Key, name)));

    private static string With(string path, params (string Name, string? Value)[] query)
    {
        var builder = new QueryBuilder();
        foreach (var (name, value) in query)
        {
            if (!string.IsNullOrEmpty(value))
                builder.Add(name, value);
        }

        return path + builder;
    }
}
