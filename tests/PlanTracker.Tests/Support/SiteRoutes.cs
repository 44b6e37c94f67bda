using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace PlanTracker.Tests.Support;

/// <summary>An address of the running application and what may be done there.</summary>
/// <param name="Pattern">As it is written in the code.</param>
/// <param name="Verb">GET, POST and so on.</param>
/// <param name="Action">What answers; none for what the framework answers itself.</param>
public sealed record SiteRoute(string Pattern, string Verb, ControllerActionDescriptor? Action)
{
    /// <summary>The pattern with each name replaced.</summary>
    public string With(Func<string, string> value) => "/" + Names().Replace(Pattern.TrimStart('/'), m => value(m.Groups["name"].Value));

    /// <summary>Names in the address.</summary>
    public IEnumerable<string> Places => Names().Matches(Pattern).Select(m => m.Groups["name"].Value);

    /// <summary>What else it takes, from query or form, by name; of a form's record its properties.</summary>
    public IEnumerable<string> Fields => (Action?.Parameters ?? []).Where(IsTaken).SelectMany(FieldsOf).Except(Places, StringComparer.OrdinalIgnoreCase).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The verb and the address with its names, without what each has to look like.</summary>
    public override string ToString() => $"{Verb} {Names().Replace(Pattern.TrimStart('/'), "{${name}}")}";

    /// <summary>All there are; files that never change are one.</summary>
    public static IReadOnlyList<SiteRoute> Of(IServiceProvider services) =>
    [
        .. services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => !e.Metadata.Any(m => m.GetType().Name.Contains("StaticAsset", StringComparison.Ordinal)))
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(verb => new SiteRoute(e.RoutePattern.RawText ?? "", verb, e.Metadata.GetMetadata<ControllerActionDescriptor>())))
            .Where(r => r.Verb != "HEAD").DistinctBy(r => r.ToString()).OrderBy(r => r.Pattern, StringComparer.Ordinal).ThenBy(r => r.Verb, StringComparer.Ordinal),
    ];

    private static bool IsTaken(ParameterDescriptor parameter) => parameter.ParameterType != typeof(CancellationToken) && parameter.BindingInfo?.BindingSource?.Id != "Services";

    private static IEnumerable<string> FieldsOf(ParameterDescriptor parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type.Namespace?.StartsWith("PlanTracker", StringComparison.Ordinal) == true && !type.IsEnum
            ? type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => p.Name)
            : [parameter.Name];
    }

    private static Regex Names() => new(@"\{\**(?<name>\w+)[^{}]*\}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
