using PlanTracker.Data.Files;

namespace PlanTracker.Data.Exports;

/// <summary>A whole file, and gone when it is disposed of.</summary>
/// <param name="Content">Its bytes, from the first.</param>
/// <param name="Rows">Rows in it, headings apart.</param>
/// <param name="Sha256">Digest of its bytes.</param>
public sealed record ExportedFile(Stream Content, long Rows, byte[] Sha256) : IAsyncDisposable
{
    internal static async Task<ExportedFile> MakeAsync(ExportFormat format, ExportContents contents, CancellationToken ct)
    {
        var content = TemporaryFile.Create();
        try
        {
            await using var digested = new DigestedStream(content);
            var rows = await format.WriteAsync(digested, contents, ct);
            content.Position = 0;
            return new ExportedFile(content, rows, digested.Sha256());
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
