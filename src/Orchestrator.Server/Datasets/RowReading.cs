using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Datasets.Queries;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Datasets;

/// <summary>Reads rows of a dataset where they are measured, and says what is the matter where they cannot be read.</summary>
internal static class RowReading
{
    public static async Task<(T? Found, ProblemHttpResult? Problem)> TryAsync<T>(string name, Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return (await read(), null);
        }
        catch (DatasetException error)
        {
            return (null, Problems.Refuse(409, $"The rows of {name} cannot be read: {error.Message}.", "See /api/monitors for what its monitor says of it."));
        }
        catch (SourceAwayException error)
        {
            return (null, Problems.Refuse(503, $"The rows of {name} cannot be read: {error.Message}.", "Ask again when its source is there."));
        }
    }
}
