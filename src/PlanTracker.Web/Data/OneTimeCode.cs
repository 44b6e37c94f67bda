using System.Security.Cryptography;
using System.Text;

namespace PlanTracker.Data;

/// <summary>A code that is handed over once and kept as a hash only. It is long and random: a plain hash protects it.</summary>
public static class OneTimeCode
{
    /// <summary>Letters and digits that are not taken for one another.</summary>
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const int Group = 5;

    /// <param name="groups">How many groups of five characters, each character worth five bits.</param>
    public static string New(int groups) => string.Join('-', Enumerable.Range(0, groups).Select(_ => RandomNumberGenerator.GetString(Letters, Group)));

    /// <summary>Of the code as somebody typed it: spaces, hyphens and case do not count.</summary>
    public static string HashOf(string typed)
    {
        var code = string.Concat(typed.Where(c => !char.IsWhiteSpace(c) && c != '-')).ToUpperInvariant();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
    }

    /// <summary>Whether the code is the one of that hash, in the same time for a wrong one.</summary>
    public static bool Matches(string hash, string typed) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(HashOf(typed)));
}
