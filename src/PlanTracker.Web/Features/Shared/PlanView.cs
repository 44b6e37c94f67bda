using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Razor;
using PlanTracker.Domain;
using PlanTracker.Platform.Languages;

namespace PlanTracker.Features.Shared;

/// <summary>What every view has at hand: the reader's language, addresses, figures as they are shown.</summary>
public abstract class PlanView<TModel> : RazorPage<TModel>
{
    private static readonly HtmlString s_noPoint = new("<td></td>");

    protected static Language Language => RequestLanguage.Current;

    protected static bool Zh => Language == Language.Chinese;

    /// <summary>The plan of the page; none on pages about accounts and errors.</summary>
    protected CurrentPlan? Plan => Context.Features.Get<CurrentPlan>();

    protected Links To => new(Language, Plan?.Code, Plan?.AsOf, Plan?.Method);

    /// <summary>A label, in both languages where it stands.</summary>
    protected static string T(string en, string zh) => Zh ? zh : en;

    protected static string T(Bilingual text) => text.In(Language);

    protected static string Comma => T(", ", "，");

    protected static string Colon => T(": ", "：");

    /// <summary>A number with its English noun: one reading, two readings.</summary>
    protected static string Count(int number, string one, string several) => $"{Number(number)} {(number == 1 ? one : several)}";

    /// <summary>A link to what shows the figures of everybody; its words alone for whoever sees their own scope only and finds it closed.</summary>
    protected IHtmlContent OpenLink(string address, string words) => Plan?.Reader.IsLimited == true
        ? new HtmlContentBuilder().Append(words)
        : new HtmlContentBuilder().AppendFormat(CultureInfo.InvariantCulture, "<a href=\"{0}\">{1}</a>", address, words);

    protected static HtmlString Badge(Status status) => Drawings.Badge(status, Language);

    /// <summary>A status that leads to the reasons for it.</summary>
    protected IHtmlContent WhyBadge(Status status, string indicator, Bilingual name, string? region = null) => Leading(
        To.Why(indicator, region), Zh ? $"{Words.Of(status).Zh}：{name.Zh}的状态依据" : $"{Words.Of(status).En}: why, {name.En}", Badge(status));

    /// <summary>The status of an indicator or a goal, leading to the reasons for it.</summary>
    protected IHtmlContent ItemBadge(StatusItem item) => item.Kind == StatusItemKind.Indicator
        ? WhyBadge(item.Status, item.Code, item.Name)
        : Leading(To.Goal(item.Code), T($"{Words.Of(item.Status).En}: {item.Name.En}", $"{Words.Of(item.Status).Zh}：{item.Name.Zh}"), Badge(item.Status));

    /// <summary>A delivery confidence that leads to its definition.</summary>
    protected IHtmlContent ConfidenceBadge(DeliveryConfidence confidence) => new HtmlContentBuilder()
        .AppendFormat(CultureInfo.InvariantCulture, "<a class=\"why\" href=\"{0}\" title=\"{1}\" aria-label=\"{2}\">", To.Meaning(confidence), T(Words.Definition(confidence)),
            T($"{Words.Of(confidence).En}: delivery confidence, what it means", $"{Words.Of(confidence).Zh}：完成把握的含义"))
        .AppendHtml(Drawings.Confidence(confidence, Language)).AppendHtml("</a>");

    /// <summary>A badge as a link, in one piece: a page shows a hundred of them.</summary>
    private HtmlString Leading(string address, string label, HtmlString badge) =>
        new($"<a class=\"why\" href=\"{HtmlEncoder.Encode(address)}\" aria-label=\"{HtmlEncoder.Encode(label)}\">{badge.Value}</a>");

    /// <summary>A share as a percentage without decimals.</summary>
    protected static string Percent(decimal share) => Figures.Percent(share, Language);

    /// <summary>A share as a percentage with one decimal.</summary>
    protected static string PercentPrecise(decimal share) => Figures.Percent(share, Language, 1);

    protected static string Stated(decimal? value) => value is { } v ? Figures.Stated(v) : "";

    protected static string Attribute(decimal? value) => value is { } v ? Rounding.Exact(v) : "";

    /// <summary>A cell of a chart's table: where the point lies, exactly, and the words for it. Where there is no point it is empty.</summary>
    protected static IHtmlContent PointCell(decimal? value, string? words) => value is { } v
        ? new HtmlString($"<td class=\"number\" data-value=\"{Rounding.Exact(v)}\">{HtmlEncoder.Default.Encode(words ?? "")}</td>")
        : s_noPoint;

    /// <summary>The same, where nothing means that the attribute is left out.</summary>
    protected static string? Exact(decimal? value) => value is { } v ? Rounding.Exact(v) : null;

    /// <summary>Data attributes of those that have a value: Razor writes the empty ones too, which adds up in large tables.</summary>
    protected static IHtmlContent Data(params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in values)
        {
            if (value is not null)
                text.Append(" data-").Append(name).Append("=\"").Append(HtmlEncoder.Default.Encode(value)).Append('"');
        }

        return new HtmlString(text.ToString());
    }

    protected static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number that was counted up to <see cref="DataVintage.MostCounted"/> only.</summary>
    protected static string Counted(int value) =>
        value > DataVintage.MostCounted ? T($"more than {Number(DataVintage.MostCounted)}", $"超过 {Number(DataVintage.MostCounted)} ") : Number(value);

    protected static string Day(DateOnly day) => Figures.Day(day, Language);

    protected static string IsoDay(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    protected static string Moment(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
}
