namespace PlanTracker.Domain;

/// <summary>What kind of figure an observation is: the codes of SDMX CL_OBS_STATUS.</summary>
public enum ObservationStatus
{
    /// <summary>Normal.</summary>
    A,

    /// <summary>Break in the series.</summary>
    B,

    /// <summary>Definition differs.</summary>
    D,

    /// <summary>Estimated.</summary>
    E,

    /// <summary>Forecast.</summary>
    F,

    /// <summary>Imputed.</summary>
    I,

    /// <summary>Exists but is not collected.</summary>
    L,

    /// <summary>Cannot exist.</summary>
    M,

    /// <summary>Missing.</summary>
    O,

    /// <summary>Provisional.</summary>
    P,

    /// <summary>Suppressed.</summary>
    Q,

    /// <summary>Low reliability.</summary>
    U,

    /// <summary>Unvalidated.</summary>
    V,
}

public static class ObservationStatuses
{
    /// <summary>Codes that state why there is no value; every other code needs one.</summary>
    public static bool StandsForNoValue(this ObservationStatus status) =>
        status is ObservationStatus.L or ObservationStatus.M or ObservationStatus.O or ObservationStatus.Q;
}
