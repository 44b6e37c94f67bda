using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>What frames a report: its title, what it finds and what it contains. What it rests on comes beside it, from the controller.</summary>
/// <param name="Subject">What the report is about.</param>
/// <param name="Finding">Where it stands.</param>
/// <param name="Contents">Sections that are there, by their anchors.</param>
/// <param name="Page">The address of the page it is the document of.</param>
public sealed record ReportFrame(Bilingual Subject, Bilingual Finding, IReadOnlyList<(string Id, Bilingual Title)> Contents, string Page)
{
    /// <summary>Where the layout of reports finds the frame, set by the view.</summary>
    public const string Key = "Report";

    /// <summary>Where it finds the <see cref="DataVintage"/>, set by the controller.</summary>
    public const string VintageKey = "Vintage";
}
