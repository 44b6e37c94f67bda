using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using PlanTracker.Data;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

/// <summary>One page of a list.</summary>
public sealed record ListOf<T>
{
    [Says("The entries, in a stable order.", "条目，顺序固定。")]
    public required IReadOnlyList<T> Items { get; init; }

    [Says("Address of the next page; empty on the last one. A page may hold fewer entries than its limit.", "下一页地址；最后一页为空。每页条目可少于上限。", "/api/v1/plans/14fyp-informatization/readings?after=UmVhZGluZ3N8MQ")]
    public required string? Next { get; init; }
}

/// <summary>
/// The keys of the last entry of a page: what comes after them is the next page, whatever was added or taken away before. Programs take it as it is.
/// </summary>
/// <param name="List">Which list.</param>
/// <param name="Keys">In the order of the list's keys.</param>
public sealed record Cursor(string List, IReadOnlyList<string> Keys)
{
    private const char Between = '\n';

    public long Number(int at) => at < Keys.Count && long.TryParse(Keys[at], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public string Text(int at) => at < Keys.Count ? Keys[at] : "";

    public DateOnly Day(int at) => DateOnly.FromDayNumber((int)Math.Clamp(Number(at), 0, DateOnly.MaxValue.DayNumber));

    public static string Of(string list, params IEnumerable<object> keys) =>
        WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{list}{Between}{string.Join(Between, keys)}")));

    public static bool TryParse(string? text, out Cursor cursor)
    {
        cursor = new Cursor("", []);
        try
        {
            var parts = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text ?? "")).Split(Between);
            cursor = new Cursor(parts[0], parts[1..]);
            return Array.TrueForAll(parts, SafeText.IsSafe);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

/// <summary>How many entries, and after which one.</summary>
public readonly record struct Paging(int? Asked, Cursor? After)
{
    public const int Usual = 500;
    public const int Most = 5000;

    public int Limit => Asked ?? Usual;

    /// <summary>One entry more is read than is shown: whether it is there says whether the list goes on.</summary>
    public int Take => Limit + 1;
}

public static class PagingAnswers
{
    /// <param name="read">Entries up to <see cref="Paging.Take"/>.</param>
    /// <param name="request">The address of this page; that of the next differs in the cursor only.</param>
    /// <param name="paging">As asked.</param>
    /// <param name="list">Name of the action.</param>
    /// <param name="shown">What is answered.</param>
    /// <param name="keys">By which the list is ordered.</param>
    public static ListOf<TShown> Page<TRead, TShown>(
        this IReadOnlyList<TRead> read, HttpRequest request, Paging paging, string list, Func<IReadOnlyList<TRead>, IEnumerable<TShown>> shown, Func<TRead, object[]> keys)
    {
        IReadOnlyList<TRead> page = read.Count > paging.Limit ? [.. read.Take(paging.Limit)] : read;
        return new ListOf<TShown> { Items = [.. shown(page)], Next = read.Count > paging.Limit ? Next(request, Cursor.Of(list, keys(page[^1]))) : null };
    }

    private static string Next(HttpRequest request, string after) =>
        request.PathBase + request.Path + new QueryBuilder(Links.Query(request).Where(q => !Links.Names(q.Key, nameof(after)))) { { nameof(after), after } };
}
