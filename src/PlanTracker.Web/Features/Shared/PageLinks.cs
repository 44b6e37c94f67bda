namespace PlanTracker.Features.Shared;

/// <summary>Links to the numbered pages of a list.</summary>
/// <param name="Label">What the list is, for those who hear it.</param>
/// <param name="Number">The page that is shown, from 1.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Address">Where a page stands.</param>
public sealed record PageLinks(string Label, int Number, int Count, Func<int, string> Address);
