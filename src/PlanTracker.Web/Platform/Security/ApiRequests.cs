using System.Text.RegularExpressions;

namespace PlanTracker.Platform.Security;

/// <summary>Which requests come from programs.</summary>
public static partial class ApiRequests
{
    private const string Root = "/api";

    public static bool IsApi(this PathString path) => path.StartsWithSegments(Root, StringComparison.Ordinal);

    /// <summary>
    /// A token is looked at where programs come: at the API, and where a file of a plan is fetched. Everywhere else only the cookie counts, so that a
    /// token opens no form.
    /// </summary>
    private static bool TakesTokens(HttpRequest request, PathString path) => path.IsApi()
        || ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && FileOfPlan().IsMatch(path.Value ?? ""));

    /// <summary>It names a token, good or bad, where one counts.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">Where it went; an error is told from another address.</param>
    public static bool BringsToken(this HttpRequest request, PathString path) => request.Headers.Authorization.Count > 0 && TakesTokens(request, path);

    [GeneratedRegex(@"\A/(en|zh)/plans/[^/]+/(.+/)?[^/]+\.[a-z][a-z0-9]{1,7}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileOfPlan();
}
