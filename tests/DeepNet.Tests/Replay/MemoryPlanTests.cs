using DeepNet.Replay;
using Xunit;

namespace DeepNet.Tests.Replay;

/// <summary>Places of values in one piece of memory.</summary>
public class MemoryPlanTests
{
    [Fact]
    public void Values_that_live_at_once_lie_apart_and_others_share()
    {
        var random = new Random(3);
        for (int round = 0; round < 50; round++)
        {
            var values = Enumerable.Range(0, 40).Select(_ =>
            {
                int first = random.Next(100);
                return (First: first, Last: first + random.Next(20), Bytes: (long)random.Next(1, 5000));
            }).ToList();
            long[] places = MemoryPlan.Place(values, out long total);
            for (int i = 0; i < values.Count; i++)
            {
                Assert.Equal(0, places[i] % MemoryPlan.Alignment);
                Assert.True(places[i] + values[i].Bytes <= total);
                for (int j = 0; j < i; j++)
                {
                    bool together = values[i].First <= values[j].Last && values[j].First <= values[i].Last;
                    bool apart = places[i] + values[i].Bytes <= places[j] || places[j] + values[j].Bytes <= places[i];
                    Assert.True(apart || !together);
                }
            }
        }
    }

    [Fact]
    public void A_chain_needs_room_for_two()
    {
        MemoryPlan.Place([.. Enumerable.Range(0, 10).Select(i => (i, i + 1, 1000L))], out long total);
        Assert.Equal(2048, total);
    }
}
