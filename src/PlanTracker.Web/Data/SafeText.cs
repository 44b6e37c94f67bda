namespace PlanTracker.Data;

/// <summary>Text the database can hold: no NUL, no half of a surrogate pair.</summary>
public static class SafeText
{
    public static bool IsSafe(string? text)
    {
        for (var i = 0; i < (text?.Length ?? 0); i++)
        {
            var c = text![i];
            if (c == '\0' || char.IsLowSurrogate(c))
                return false;
            if (char.IsHighSurrogate(c) && (++i == text.Length || !char.IsLowSurrogate(text[i])))
                return false;
        }

        return true;
    }
}
