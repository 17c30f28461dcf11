using Xunit;

namespace DeepNet.Tests.Architecture;

/// <summary>The rooms of the core know of each other what docs/architecture.md draws, and nothing else.</summary>
public class RoomTests
{
    [Fact]
    public void Each_use_goes_along_drawn_arrows_and_each_arrow_is_used()
    {
        var drawn = RoomMap.Drawn();
        var uses = RoomMap.Uses();
        Assert.True(uses.Count > 50, $"only {uses.Count} uses were found");
        var reach = Reach(drawn);
        Assert.Empty(uses.Where(use => !reach.Contains(use.Key))
            .Select(use => $"{use.Key.From} --> {use.Key.To} is not drawn: {use.Value}"));
        Assert.Empty(drawn.Where(arrow => !uses.ContainsKey(arrow)).Select(arrow => $"{arrow.From} --> {arrow.To} is drawn and not used"));
    }

    [Fact]
    public void No_room_is_reached_from_itself()
        => Assert.DoesNotContain(Reach(RoomMap.Drawn()), arrow => arrow.From == arrow.To);

    private static HashSet<(string From, string To)> Reach(HashSet<(string From, string To)> arrows)
    {
        var reach = arrows.ToHashSet();
        while (true)
        {
            var next = reach.Join(arrows, path => path.To, arrow => arrow.From, (path, arrow) => (path.From, arrow.To))
                .Where(path => !reach.Contains(path)).ToList();
            if (next.Count == 0) return reach;
            reach.UnionWith(next);
        }
    }
}
