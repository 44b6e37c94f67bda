namespace PlanTracker.Platform.LocalPostgres;

internal static partial class LocalPostgresLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Downloading PostgreSQL from {Address}")]
    public static partial void Downloading(this ILogger logger, Uri address);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL unpacked in {Folder}")]
    public static partial void Unpacked(this ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "Creating a private database in {Folder} with {Binaries}")]
    public static partial void CreatingCluster(this ILogger logger, string folder, PostgresBinaries binaries);

    [LoggerMessage(Level = LogLevel.Information, Message = "Private {Binaries} serves {Folder} on port {Port} as process {ProcessId}")]
    public static partial void Serving(this ILogger logger, PostgresBinaries binaries, string folder, int port, int processId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Took over PostgreSQL process {ProcessId} on port {Port}, left running in {Folder}")]
    public static partial void TakenOver(this ILogger logger, int processId, int port, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removed a stale postmaster.pid in {Folder}: process {ProcessId} is not its server")]
    public static partial void MisleadingPidRemoved(this ILogger logger, int processId, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "Private PostgreSQL in {Folder} stopped")]
    public static partial void Stopped(this ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL process {ProcessId} did not stop within {Limit} and is killed")]
    public static partial void Killing(this ILogger logger, int processId, TimeSpan limit);
}
