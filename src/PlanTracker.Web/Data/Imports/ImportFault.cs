namespace PlanTracker.Data.Imports;

/// <summary>Why a step of an import was not taken.</summary>
public enum ImportFault
{
    /// <summary>It has gone on in the meantime: by another window, by another person, or by the application.</summary>
    Overtaken,

    /// <summary>The file has been read anew since it was looked at: its change set may be another.</summary>
    ReadAnew,

    /// <summary>Rows with errors: all or nothing.</summary>
    HasErrors,

    /// <summary>Nothing in it would change anything.</summary>
    NothingToApply,

    /// <summary>Questioned figures do not say why they are right.</summary>
    ExplanationMissing,
    ExplanationTooLong,
    ReasonMissing,
    ReasonTooLong,
    UnsafeText,

    /// <summary>Nobody approves or returns what they have brought themselves.</summary>
    OwnImport,

    /// <summary>Rows outside the scope of whoever approves.</summary>
    OutOfScope,

    /// <summary>Figures of it are approved: only a reviewer takes them back.</summary>
    Approved,

    /// <summary>Its reporting round is over: what was reported in time stays reported.</summary>
    PeriodLocked,
}
