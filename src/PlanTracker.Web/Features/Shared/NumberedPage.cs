namespace PlanTracker.Features.Shared;

/// <summary>The part of a long list that one page shows.</summary>
/// <param name="Items">What it shows.</param>
/// <param name="Number">Which page it is, from 1.</param>
/// <param name="Of">How many there are; 1 of an empty list.</param>
public sealed record NumberedPage<T>(IReadOnlyList<T> Items, int Number, int Of);

public static class NumberedPages
{
    /// <summary>The page of that number, with at most <paramref name="most"/> items; none where there is no such page.</summary>
    public static NumberedPage<T>? PageOf<T>(this IReadOnlyCollection<T> all, int number, int most)
    {
        var pages = Math.Max(1, (int)Math.Ceiling(all.Count / (double)most));
        return number < 1 || number > pages ? null : new NumberedPage<T>([.. all.Skip((number - 1) * most).Take(most)], number, pages);
    }
}
