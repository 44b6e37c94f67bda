namespace PlanTracker.Domain;

/// <summary>Whether the methods that can judge say the same.</summary>
public enum Agreement
{
    /// <summary>Fewer than two methods can judge.</summary>
    NotComparable,
    Agree,
    OneStepApart,
    Contradict,
}

/// <summary>Every method's verdict on one case.</summary>
public sealed record Assessment
{
    public required AssessmentCase Case { get; init; }

    /// <summary>In the order of <see cref="StatusMethods.All"/>.</summary>
    public required IReadOnlyList<Verdict> Verdicts { get; init; }

    public required Agreement Agreement { get; init; }

    /// <summary>The verdict of the default method.</summary>
    public Verdict Default => Verdicts[0];

    public static Assessment Of(AssessmentCase one)
    {
        Verdict[] verdicts = [.. StatusMethods.All.Select(m => m.Judge(one))];
        return new Assessment { Case = one, Verdicts = verdicts, Agreement = AgreementOf(verdicts) };
    }

    /// <summary>From achieved to moving away is one ladder; the methods agree, stand one step apart, or contradict.</summary>
    public static Agreement AgreementOf(IEnumerable<Verdict> verdicts)
    {
        var judged = verdicts.Where(v => v.Status != Status.NoJudgement).Select(v => (int)v.Status).ToArray();
        if (judged.Length < 2)
            return Agreement.NotComparable;
        return (judged.Max() - judged.Min()) switch
        {
            0 => Agreement.Agree,
            1 => Agreement.OneStepApart,
            _ => Agreement.Contradict,
        };
    }
}
