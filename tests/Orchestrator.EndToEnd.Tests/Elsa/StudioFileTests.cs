using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Server.Elsa;

namespace Orchestrator.EndToEnd.Tests.Elsa;

public sealed class StudioFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StudioFiles _files;

    public StudioFileTests()
    {
        _folder.Write("studio/_content/plain.woff2", "font");
        _folder.Write("secret.txt", "not to be given away");
        Directory.CreateDirectory(_folder["studio/_framework"]);
        using var brotli = new BrotliStream(File.Create(_folder["studio/_framework/blazor.webassembly.js.br"]), CompressionLevel.Fastest);
        brotli.Write("start()"u8);
        _files = new StudioFiles(_folder["studio"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_found_by_its_name_whether_it_is_kept_compressed_or_not()
    {
        Assert.True(_files.AreThere);
        var compressed = _files.Find("_framework/blazor.webassembly.js")!;
        Assert.Equal((true, "text/javascript; charset=utf-8"), (compressed.IsBrotli, compressed.ContentType));
        Assert.False(_files.Find("_content/plain.woff2")!.IsBrotli);
    }

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("_content/../../secret.txt")]
    [InlineData("/proc/self/environ")]
    [InlineData("_content")]
    [InlineData("_content/plain.woff2\0.js")]
    [InlineData("")]
    [InlineData("_framework/nothing.js")]
    public void Nothing_outside_the_folder_is_given_and_nothing_that_is_not_there(string path) => Assert.Null(_files.Find(path));

    [Fact]
    public void A_build_without_the_files_knows_that_it_has_none() => Assert.False(new StudioFiles(_folder["none"]).AreThere);
}

public sealed partial class StudioPageTests(LiveServer server) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task A_page_may_be_framed_by_its_own_origin_only_and_runs_no_script_but_the_servers()
    {
        using var client = server.Client(null);
        using var page = await client.GetAsync("/studio/3.8.2/definitions/some");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc='", policy, StringComparison.Ordinal);
        Assert.Equal("SAMEORIGIN", page.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-store", page.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("/studio/definitions/a%20b?x=1", "/studio/3.8.2/definitions/a%20b?x=1")]
    [InlineData("/studio/instances", "/studio/3.8.2/instances")]
    [InlineData("/workflows/definitions/some/edit", "/studio/3.8.2/definitions/some")]
    [InlineData("/studio/3.8.2/workflows/definitions/some/edit", "/studio/3.8.2/definitions/some")]
    [InlineData("/diagnostics/structured-logs?workflowInstanceId=i1", "/studio/3.8.2/instances/i1")]
    public async Task Links_without_a_version_and_links_that_studio_shows_lead_to_its_pages(string from, string to)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Url };
        using var answer = await http.GetAsync(new Uri(from, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Redirect, to), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task Another_version_of_studio_is_not_served_and_the_answer_says_which_one_is()
    {
        using var client = server.Client(null);
        using var answer = await client.GetAsync("/studio/3.8.1/page.js");
        var (status, detail, _) = await Caller.ProblemAsync(answer);
        Assert.Equal((404, "This server has version 3.8.2 of Elsa Studio, not 3.8.1."), (status, detail));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Files_of_studio_are_kept_for_ever_and_come_plain_to_those_who_know_no_brotli()
    {
        Assert.SkipUnless(StudioFiles.OfProgram().AreThere, "Elsa Studio is not part of this build: npm was missing");
        using var http = new HttpClient { BaseAddress = server.Url };
        var cancellation = TestContext.Current.CancellationToken;
        using var plain = await http.GetAsync("/studio/3.8.2/_framework/blazor.webassembly.js", cancellation);
        http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, br");
        using var compressed = await http.GetAsync("/studio/3.8.2/_framework/blazor.webassembly.js", cancellation);
        http.DefaultRequestHeaders.Add("If-None-Match", compressed.Headers.ETag!.ToString());
        using var again = await http.GetAsync("/studio/3.8.2/_framework/blazor.webassembly.js", cancellation);

        Assert.Equal("public, max-age=31536000, immutable", compressed.Headers.CacheControl?.ToString());
        Assert.Equal(["br"], compressed.Content.Headers.ContentEncoding);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.NotEqual(plain.Headers.ETag, compressed.Headers.ETag);
        await using var unpacked = new BrotliStream(await compressed.Content.ReadAsStreamAsync(cancellation), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        Assert.Equal(await plain.Content.ReadAsStringAsync(cancellation), await reader.ReadToEndAsync(cancellation));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task What_the_page_names_is_there()
    {
        Assert.SkipUnless(StudioFiles.OfProgram().AreThere, "Elsa Studio is not part of this build: npm was missing");
        using var http = new HttpClient { BaseAddress = new Uri(server.Url, "/studio/3.8.2/") };
        var cancellation = TestContext.Current.CancellationToken;
        var page = await http.GetStringAsync("definitions/some", cancellation);
        var style = await http.GetStringAsync("page.css", cancellation);
        string[] named = [.. Named().Matches(page).Concat(Named().Matches(style)).Select(match => match.Groups["file"].Value), "_framework/assemblies.bin"];
        Assert.True(named.Length > 10, string.Join(' ', named));
        foreach (var file in named)
        {
            using var answer = await http.GetAsync(file, cancellation);
            Assert.True(answer.IsSuccessStatusCode, $"{file}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Own_files_are_kept_under_the_address_that_the_page_names_and_asked_for_again_under_any_other()
    {
        Assert.SkipUnless(StudioFiles.OfProgram().AreThere, "Elsa Studio is not part of this build: npm was missing");
        using var http = new HttpClient { BaseAddress = new Uri(server.Url, "/studio/3.8.2/") };
        var cancellation = TestContext.Current.CancellationToken;
        var named = Named().Matches(await http.GetStringAsync("definitions/some", cancellation)).Select(match => match.Groups["file"].Value).Where(name => name.Contains('?', StringComparison.Ordinal)).ToList();
        Assert.Equal(["start.js", "page.css", "page.js"], named.Select(name => name[..name.IndexOf('?', StringComparison.Ordinal)]));
        foreach (var (address, kept) in named.Select(name => (name, "public, max-age=31536000, immutable")).Append(("start.js", "no-cache")).Append(("start.js?v=other", "no-cache")))
        {
            using var answer = await http.GetAsync(address, cancellation);
            Assert.Equal(kept, answer.Headers.CacheControl?.ToString());
        }
    }

    [Fact]
    public void The_one_file_of_assemblies_holds_each_of_them_as_it_is()
    {
        Assert.SkipUnless(StudioFiles.OfProgram().AreThere, "Elsa Studio is not part of this build: npm was missing");
        var folder = Path.Combine(AppContext.BaseDirectory, "studio", "_framework");
        var bytes = Unpacked(Path.Combine(folder, "assemblies.bin.br"));
        var place = 4 + (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var held = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var row in JsonDocument.Parse(bytes.AsMemory(4, place - 4)).RootElement.EnumerateArray())
        {
            var length = row[1].GetInt32();
            held.Add(row[0].GetString()!, bytes[place..(place + length)]);
            place += length;
        }

        Assert.Equal(bytes.Length, place);
        var alone = Directory.EnumerateFiles(folder, "*.br").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(name => Path.GetExtension(name) is ".wasm" or ".dat" && !name.StartsWith("dotnet.native.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(alone, held.Keys);
        Assert.All(held, one => Assert.True(one.Value.AsSpan().SequenceEqual(Unpacked(Path.Combine(folder, $"{one.Key}.br"))), one.Key));
    }

    private static byte[] Unpacked(string file)
    {
        using var brotli = new BrotliStream(File.OpenRead(file), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        brotli.CopyTo(memory);
        return memory.ToArray();
    }

    [GeneratedRegex("""(?:src=|href=|data-native=|url\()"(?<file>[^"/:]+(?:/[^":]+)?\.[a-z0-9]+(?:\?v=[0-9a-f]+)?)["]""")]
    private static partial Regex Named();
}
