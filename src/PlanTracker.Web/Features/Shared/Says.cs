namespace PlanTracker.Features.Shared;

/// <summary>What an operation, a parameter or a field of the API is, in both languages, and an example of it: for its document.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class SaysAttribute(string en, string zh, object? example = null) : Attribute
{
    public string En { get; } = en;

    public string Zh { get; } = zh;

    public object? Example { get; } = example;
}
