using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>A version as one line of Studio's list.</summary>
internal sealed record DefinitionSummary(string Id, string DefinitionId, string Name, string Description, int Version, bool IsLatest, bool IsPublished, DateTimeOffset CreatedAt)
{
    public string MaterializerName { get; } = "Json";

    public bool IsMaterializerAvailable { get; } = true;

    public bool IsReadonly { get; init; }

    public IReadOnlyList<ElsaLink> Links { get; init; } = [];
}

/// <summary>Lists of definitions: the list page, the history of one, and those that the list of instances asks for.</summary>
internal static class DefinitionListEndpoints
{
    private const int MostOnPage = 100;

    public static void MapDefinitionLists(this RouteGroupBuilder api)
    {
        api.MapGet("/workflow-definitions", List).Needs(Role.Viewer, About.Shown);
        api.MapGet("/workflow-definitions/validation/is-name-unique", IsNameUnique).Needs(Role.Viewer, About.Shown);
    }

    private static JsonHttpResult<ElsaPage<DefinitionSummary>> List(HttpRequest request, Node node, ClaimsPrincipal user)
    {
        var asked = new DefinitionQuery(request.Query);
        var isAuthor = user.Actor().May(Role.Author);
        var (found, changeable) = node.Database.Read(connection =>
        {
            var all = asked.Of(node.Definitions.Library, connection)
                .Where(version => user.Actor().May(Role.Viewer, Subjects.OfDefinition(connection, version.Id)) && user.Actor().May(Role.Viewer, Subjects.OfDefinition(connection, version.DefinitionId))).ToList();
            var page = all.Skip(asked.Page * asked.PageSize).Take(asked.PageSize).ToList();
            return ((all.Count, page), page.Where(version => isAuthor && node.Definitions.MayChange(connection, version, user.Actor().Name)).Select(version => version.Id).ToHashSet(StringComparer.Ordinal));
        });
        var (count, versions) = found;
        return ElsaJson.Answer(new ElsaPage<DefinitionSummary>([.. versions.Select(version => Summary(version, changeable.Contains(version.Id)))], count, DefinitionLinks.OfList(isAuthor)));
    }

    public static DefinitionSummary Summary(DefinitionVersion version, bool mayPublish) =>
        new(version.Id, version.DefinitionId, version.Name, version.Description, version.Version, version.IsLatest, version.IsPublished, version.CreatedAt)
        {
            IsReadonly = !mayPublish, Links = DefinitionLinks.Of(version.DefinitionId, mayPublish),
        };

    private static JsonHttpResult<UniqueName> IsNameUnique(string? name, string? definitionId, Node node) =>
        ElsaJson.Answer(new UniqueName(node.Database.Read(connection => !node.Definitions.Library.All(connection)
            .Any(version => version.DefinitionId != definitionId && string.Equals(version.Name, name?.Trim(), StringComparison.OrdinalIgnoreCase)))));

    private sealed record UniqueName(bool IsUnique);

    /// <summary>What Studio asks for, in its query parameters.</summary>
    private sealed record DefinitionQuery
    {
        private readonly string[] _definitions;
        private readonly string[] _ids;
        private readonly string _versions;
        private readonly string _search;
        private readonly string _order;
        private readonly bool _isDescending;
        private readonly bool _isSystem;

        public DefinitionQuery(IQueryCollection query)
        {
            _definitions = [.. query["DefinitionIds"].OfType<string>()];
            _ids = [.. query["Ids"].OfType<string>()];
            _versions = query["versionOptions"].ToString();
            _search = query["SearchTerm"].ToString();
            _order = query["OrderBy"].ToString();
            _isDescending = query["OrderDirection"] == "Descending";
            _isSystem = query["IsSystem"] == "True";
            Page = Math.Max(0, Number(query["Page"].ToString(), 0));
            PageSize = Math.Clamp(Number(query["PageSize"].ToString(), MostOnPage), 1, MostOnPage);
        }

        public int Page { get; }

        public int PageSize { get; }

        public IEnumerable<DefinitionVersion> Of(DefinitionLibrary library, System.Data.Common.DbConnection connection)
        {
            var versions = _ids.Length > 0 ? _ids.Take(MostOnPage).Select(id => library.ById(connection, id)).OfType<DefinitionVersion>()
                : _definitions.Length > 0 ? _definitions.Take(MostOnPage).SelectMany(id => library.Versions(connection, id)).Where(IsAsked)
                : _isSystem ? []
                : _versions == "Published" ? library.All(connection).Select(version => library.Published(connection, version.DefinitionId)).OfType<DefinitionVersion>()
                : library.All(connection).Where(IsAsked);
            return Sorted(versions.Where(version => version.Name.Contains(_search, StringComparison.OrdinalIgnoreCase) || version.Description.Contains(_search, StringComparison.OrdinalIgnoreCase) || version.DefinitionId == _search));
        }

        private bool IsAsked(DefinitionVersion version) => _versions switch
        {
            "Published" => version.IsPublished,
            "Draft" => !version.IsPublished,
            "Latest" => version.IsLatest,
            "LatestOrPublished" or "LatestAndPublished" => version.IsLatest || version.IsPublished,
            _ => true,
        };

        private IEnumerable<DefinitionVersion> Sorted(IEnumerable<DefinitionVersion> versions) => (_order, _isDescending) switch
        {
            ("Name", false) => versions.OrderBy(version => version.Name, StringComparer.OrdinalIgnoreCase),
            ("Name", true) => versions.OrderByDescending(version => version.Name, StringComparer.OrdinalIgnoreCase),
            ("Version", false) => versions.OrderBy(version => version.Version),
            ("Version", true) => versions.OrderByDescending(version => version.Version),
            ("Created", false) => versions.OrderBy(version => version.CreatedAt),
            ("Created", true) => versions.OrderByDescending(version => version.CreatedAt),
            _ => versions,
        };

        private static int Number(string text, int otherwise) => int.TryParse(text, out var number) ? number : otherwise;
    }
}
