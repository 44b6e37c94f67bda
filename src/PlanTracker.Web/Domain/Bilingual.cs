namespace PlanTracker.Domain;

/// <summary>The two languages of the product; neither is a translation layer over the other.</summary>
public enum Language
{
    English,
    Chinese,
}

/// <summary>A text in English and Simplified Chinese.</summary>
public readonly record struct Bilingual(string En, string Zh)
{
    public string In(Language language) => language == Language.Chinese ? Zh : En;
}
