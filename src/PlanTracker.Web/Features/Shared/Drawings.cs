using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>Small drawings the server makes: marks, bars and lines as SVG. Each stands beside the words and figures it shows.</summary>
public static class Drawings
{
    /// <summary>The class of a status in the style sheet, and its mark in <c>img/status.svg</c>.</summary>
    public static string Class(Status status) => status == Status.NoJudgement ? "status-none" : $"status-{Kebab.Of(status)}";

    /// <summary>A status by shape, colour and word.</summary>
    public static HtmlString Badge(Status status, Language language, string? before = null) => new(
        $"<span class=\"status {Class(status)}\">{Mark(status)}{before}{(before is null ? Words.Of(status).In(language) : Lower(Words.Of(status), language))}</span>");

    /// <summary>How many of each status: a bar, and the same in words.</summary>
    public static IHtmlContent Strip(IReadOnlyDictionary<Status, int> counts, Language language)
    {
        var present = InOrder.Where(s => counts.GetValueOrDefault(s) > 0).ToList();
        if (present.Count == 0)
            return HtmlString.Empty;
        var words = string.Concat(present.Select(s => $"<li>{Render(Badge(s, language, counts[s].ToString(CultureInfo.InvariantCulture) + " "))}</li>"));
        return new HtmlString($"<div class=\"strip\">{Bar(present, counts, "aria-hidden=\"true\"")}<ul class=\"strip-words\">{words}</ul></div>");
    }

    /// <summary>How many of each status as a bar alone; the words are its name.</summary>
    public static IHtmlContent StripBar(IReadOnlyDictionary<Status, int> counts, Language language)
    {
        var present = InOrder.Where(s => counts.GetValueOrDefault(s) > 0).ToList();
        if (present.Count == 0)
            return HtmlString.Empty;
        var name = string.Join(language == Language.Chinese ? "，" : ", ", present.Select(s => $"{counts[s].ToString(CultureInfo.InvariantCulture)} {Lower(Words.Of(s), language)}"));
        return new HtmlString(Bar(present, counts, $"role=\"img\" aria-label=\"{HtmlEncoder.Default.Encode(name)}\"", $"<title>{HtmlEncoder.Default.Encode(name)}</title>"));
    }

    private static string Bar(List<Status> present, IReadOnlyDictionary<Status, int> counts, string role, string title = "")
    {
        var svg = new StringBuilder();
        var at = 0;
        foreach (var status in present)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{Class(status)}\" x=\"{at}\" width=\"{counts[status]}\" height=\"1\"/>");
            at += counts[status];
        }

        return $"<svg class=\"strip-bar\" viewBox=\"0 0 {at.ToString(CultureInfo.InvariantCulture)} 1\" preserveAspectRatio=\"none\" {role}>{title}{svg}</svg>";
    }

    /// <summary>How far from baseline (left) to target (thin line) a value has come, and where the plan expected it (thick tick).</summary>
    public static IHtmlContent Bullet(Status status, decimal? attainment, decimal? plannedShare, string label)
    {
        if (attainment is not { } done)
            return HtmlString.Empty;

        const decimal Target = 80, End = 94;
        var width = Math.Clamp(done * Target, 0, End);
        var beyond = done * Target > 100 ? "<path class=\"bullet-beyond\" d=\"M94 0 100 5 94 10Z\"/>" : "";
        var planned = plannedShare is { } p ? Math.Clamp(p * Target, 0, End) : (decimal?)null;
        var tick = planned is { } x ? $"<line class=\"bullet-planned\" x1=\"{Place(x)}\" x2=\"{Place(x)}\" y2=\"10\"/>" : "";
        return new HtmlString(
            $"<svg class=\"bullet {Class(status)}\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{HtmlEncoder.Default.Encode(label)}\">"
            + $"<rect class=\"bullet-way\" y=\"1\" width=\"80\" height=\"8\"/><rect class=\"bullet-value\" y=\"3\" width=\"{Place(width)}\" height=\"4\"/>"
            + $"{beyond}<line class=\"bullet-target\" x1=\"80\" x2=\"80\" y2=\"10\"/>{tick}</svg>");
    }

    /// <summary>The course of a series, without axes.</summary>
    public static IHtmlContent Spark(IReadOnlyList<(decimal X, decimal Y)> points)
    {
        if (points.Count < 2)
            return HtmlString.Empty;

        // Not in decimals, as figures are: a list draws thousands of points, and a tenth of a pixel is near enough.
        var (left, low, high) = ((double)points[0].X, (double)points.Min(p => p.Y), (double)points.Max(p => p.Y));
        var (span, rise) = ((double)points[^1].X - left, high - low);
        var places = points.Select(p => (
            X: span > 0 ? (((double)p.X - left) / span * 56) + 2 : 30,
            Y: rise > 0 ? 14 - (((double)p.Y - low) / rise * 12) : 8)).ToList();
        var line = string.Join(' ', places.Select(p => $"{Near(p.X)},{Near(p.Y)}"));
        return new HtmlString(
            $"<svg class=\"spark\" viewBox=\"0 0 60 16\" aria-hidden=\"true\"><polyline points=\"{line}\"/>"
            + $"<circle cx=\"{Near(places[^1].X)}\" cy=\"{Near(places[^1].Y)}\" r=\"2\"/></svg>");
    }

    /// <summary>The course of a series within the span and scale it shares with others; zero is the ground line.</summary>
    public static IHtmlContent Course(IReadOnlyList<(decimal X, decimal Y)> points, decimal from, decimal to, decimal low, decimal high)
    {
        string Across(decimal x) => Near(to == from ? 50 : ((x - from) / (to - from) * 94) + 3);
        string Up(decimal y) => Near(high == low ? 20 : 38 - ((y - low) / (high - low) * 34));
        var line = string.Join(' ', points.Select(p => $"{Across(p.X)},{Up(p.Y)}"));
        var ground = low <= 0 && high >= 0 ? $"<line class=\"course-ground\" x2=\"100\" y1=\"{Up(0)}\" y2=\"{Up(0)}\"/>" : "";
        return new HtmlString(
            $"<svg class=\"spark course\" viewBox=\"0 0 100 40\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{ground}<polyline points=\"{line}\"/></svg>");
    }

    /// <summary>Least to greatest as a line, the middle half as a box, the median as a tick.</summary>
    public static IHtmlContent Box(Distribution values, decimal low, decimal high)
    {
        string At(decimal value) => Place(high == low ? 50 : ((value - low) / (high - low) * 96) + 2);
        var width = high == low ? 0 : (values.UpperQuartile - values.LowerQuartile) / (high - low) * 96;
        return new HtmlString(
            "<svg class=\"box\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
            + $"<line class=\"box-reach\" x1=\"{At(values.Least)}\" x2=\"{At(values.Greatest)}\" y1=\"5\" y2=\"5\"/>"
            + $"<rect class=\"box-half\" x=\"{At(values.LowerQuartile)}\" y=\"1\" width=\"{Place(width)}\" height=\"8\"/>"
            + $"<line class=\"box-median\" x1=\"{At(values.Median)}\" x2=\"{At(values.Median)}\" y1=\"0\" y2=\"10\"/></svg>");
    }

    /// <summary>A delivery confidence by shape, colour and word: five bars, the fewer filled the less is expected.</summary>
    public static IHtmlContent Confidence(DeliveryConfidence confidence, Language language)
    {
        var filled = Enum.GetValues<DeliveryConfidence>().Length - (int)confidence;
        var bars = string.Concat(Enumerable.Range(0, 5).Select(i =>
            FormattableString.Invariant($"<rect class=\"{(i < filled ? "bar-full" : "bar-empty")}\" x=\"{(i * 4) + 0.5}\" y=\"{12.5 - (i * 3)}\" width=\"2.5\" height=\"{3 + (i * 3)}\"/>")));
        return new HtmlString(
            $"<span class=\"status confidence-{Kebab.Of(confidence)}\"><svg class=\"confidence-mark\" viewBox=\"0 0 20 16\" aria-hidden=\"true\">{bars}</svg>{Words.Of(confidence).In(language)}</span>");
    }

    /// <summary>How much of something is done, 0 to 100; the figure stands beside it.</summary>
    public static IHtmlContent PercentBar(int percent) => new HtmlString(
        "<svg class=\"elapsed-bar percent-bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"elapsed-all\" width=\"100\" height=\"8\"/>"
        + $"<rect class=\"elapsed-done\" width=\"{percent.ToString(CultureInfo.InvariantCulture)}\" height=\"8\"/></svg>");

    /// <summary>How much of the plan's time has passed, by years.</summary>
    public static IHtmlContent Elapsed(decimal share, int years)
    {
        var lines = string.Concat(Enumerable.Range(1, Math.Max(0, years - 1))
            .Select(i => (decimal)i / years * 100).Select(x => $"<line x1=\"{Place(x)}\" x2=\"{Place(x)}\" y2=\"8\"/>"));
        return new HtmlString(
            "<svg class=\"elapsed-bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
            + $"<rect class=\"elapsed-all\" width=\"100\" height=\"8\"/><rect class=\"elapsed-done\" width=\"{Place(share * 100)}\" height=\"8\"/>{lines}</svg>");
    }

    private static readonly Status[] InOrder =
        [Status.Achieved, Status.OnTrack, Status.Behind, Status.FarBehind, Status.MovingAway, Status.NoJudgement];

    private static string Mark(Status status) =>
        $"<svg class=\"status-mark\" aria-hidden=\"true\"><use href=\"/img/status.svg#{Class(status)}\"/></svg>";

    private static string Lower(Bilingual word, Language language) =>
        language == Language.Chinese ? word.Zh : word.En.ToLowerInvariant();

    /// <summary>To a tenth: in a drawing as small as a word more is not seen, and there are many points.</summary>
    private static string Near(decimal value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Near(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Place(decimal value) => Rounding.Text(value, 2);

    private static string Render(IHtmlContent content)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        content.WriteTo(writer, HtmlEncoder.Default);
        return writer.ToString();
    }
}
