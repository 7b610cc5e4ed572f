using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Cli;

/// <summary>Asks the server's API.</summary>
internal sealed class Client : IDisposable
{
    private readonly HttpClient _http;

    public Client(Uri url, string key)
    {
        _http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation) =>
        await SendAsync<T>(new HttpRequestMessage(HttpMethod.Get, path), cancellation);

    public async Task<T> PostAsync<T>(string path, object body, CancellationToken cancellation) =>
        await SendAsync<T>(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, options: Json.Options) }, cancellation);

    /// <summary>Sends a file as it is read; one that is compressed is unpacked on the way.</summary>
    public async Task<T> PostFileAsync<T>(string path, string file, string type, CancellationToken cancellation)
    {
        await using var stored = File.OpenRead(file);
        await using Stream body = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stored, CompressionMode.Decompress) : stored;
        using var content = new StreamContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await SendAsync<T>(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, cancellation);
    }

    /// <summary>Sends a file byte for byte.</summary>
    public async Task<T> PostBytesAsync<T>(string path, string file, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(file);
        return await SendAsync<T>(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(content) }, cancellation);
    }

    /// <summary>Writes the answer's body into a file.</summary>
    public async Task GetFileAsync(string path, string file, CancellationToken cancellation)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw await RefusalAsync(answer, cancellation);
        }

        await using var written = File.Create(file);
        await answer.Content.CopyToAsync(written, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var answer = await SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw await RefusalAsync(answer, cancellation);
        }

        return await answer.Content.ReadFromJsonAsync<T>(Json.Options, cancellation)
            ?? throw new CommandException($"the server's answer to {request.RequestUri} is empty; is it another version?");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(request, cancellation);
        }
        catch (HttpRequestException error)
        {
            throw new CommandException($"the server at {_http.BaseAddress} does not answer ({error.Message}); is it running?");
        }
        finally
        {
            request.Dispose();
        }
    }

    /// <summary>The server's own words: a conflict is an answer, everything else a fault of the command or its surroundings.</summary>
    private static async Task<CommandException> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var exitCode = answer.StatusCode == HttpStatusCode.Conflict ? ExitCode.Found : ExitCode.Environment;
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return new CommandException($"the server answered {(int)answer.StatusCode}; is it an Orchestrator?", exitCode);
        }

        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        var next = problem.TryGetProperty("next", out var hint) ? " " + hint.GetString() : "";
        return new CommandException(problem.GetProperty("detail").GetString() + next, exitCode);
    }
}
