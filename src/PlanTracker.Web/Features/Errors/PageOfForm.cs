using Microsoft.AspNetCore.Routing.Template;
using PlanTracker.Domain;
using PlanTracker.Platform.Languages;

namespace PlanTracker.Features.Errors;

/// <summary>
/// Finds the page a form stands on. The answer to a form that was refused is shown under the form's own address, and who asks for that once more, by the
/// link to the other language or after signing in again, wants the page.
/// </summary>
public sealed class PageOfForm(EndpointDataSource endpoints)
{
    private static readonly List<string> Languages = [.. Enum.GetValues<Language>().Select(l => $"/{l.Segment()}/")];

    private readonly Lazy<List<TemplateMatcher>> _pages = new(() => Of(endpoints, HttpMethods.Get));
    private readonly Lazy<List<TemplateMatcher>> _forms = new(() => Of(endpoints, HttpMethods.Post));

    /// <returns>Of an address that takes a form and has no page, the nearest one above that has; of any other nothing.</returns>
    public string? Of(string path)
    {
        // A template takes anything for a language, also what a browser takes for another site.
        if (!Languages.Exists(l => path.StartsWith(l, StringComparison.Ordinal)) || !Matches(_forms, path) || Matches(_pages, path))
            return null;
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (Matches(_pages, path[..end]))
                return path[..end];
        }

        return null;
    }

    private static bool Matches(Lazy<List<TemplateMatcher>> addresses, string path) => addresses.Value.Exists(a => a.TryMatch(path, []));

    /// <summary>What takes a method, without what takes any address.</summary>
    private static List<TemplateMatcher> Of(EndpointDataSource endpoints, string method) =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText is not null && !e.RoutePattern.Parameters.Any(p => p.IsCatchAll)
                && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(method, StringComparer.Ordinal) == true)
            .Select(e => new TemplateMatcher(TemplateParser.Parse(e.RoutePattern.RawText!), [])),
    ];
}
