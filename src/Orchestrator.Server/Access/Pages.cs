namespace Orchestrator.Server.Access;

/// <summary>How many entries one answer may hold.</summary>
internal static class Pages
{
    public const int Default = 100;
    public const int Most = 1000;

    public static int Limit(int? asked) =>
        asked is null ? Default
        : asked is >= 1 and <= Most ? asked.Value
        : throw new BadHttpRequestException($"The parameter limit cannot be {asked}: 1 to {Most} are allowed.");
}
