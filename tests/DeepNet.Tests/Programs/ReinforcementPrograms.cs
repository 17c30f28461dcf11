using DeepNet.Distributions;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Programs;

/// <summary>Policies that learn from rewards.</summary>
public class ReinforcementPrograms
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_policy_gradient_pulls_the_best_arm(int seed)
    {
        var random = new Generator((ulong)seed);
        var rewards = Tensor.From(0.2, 0.5, 0.9, 0.4);
        var policy = new Parameter(Tensor.Zeros(4));
        Loop.Fit(new Adam([policy], 0.1), 200, () =>
        {
            var arms = new Categorical(logits: policy);
            var pulled = arms.Sample([32], random);
            var won = Tensor.Bernoulli(rewards[pulled], random).To(DType.Float32);
            return -((won - won.Mean()) * arms.LogProb(pulled)).Mean();
        });
        Assert.InRange(policy.Value.Softmax(0)[2].Item(), 0.85f, 1f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_actor_with_a_critic_walks_the_shortest_way_through_a_grid(int seed)
    {
        // 4 × 4 fields, from one corner to the other: six steps, each of which costs 1.
        var random = new Generator((ulong)seed);
        var moves = Tensor.From(new long[,] { { 0, 1 }, { 0, -1 }, { 1, 0 }, { -1, 0 } });
        var (actor, critic) = (new Embedding(16, 4, generator: random), new Embedding(16, 1, generator: random));
        const int walkers = 32;
        (Tensor Losses, Tensor Steps) Walk(int most)
        {
            var (place, taken) = (Tensor.Zeros([walkers, 2], DType.Int64), Tensor.Zeros(walkers));
            var loss = Tensor.Zeros(1);
            for (int t = 0; t < most; t++)
            {
                var field = place[.., 0] * 4 + place[.., 1];
                var going = field.NotEqual(15).To(DType.Float32);
                var policy = new Categorical(logits: actor.Forward(field));
                var move = policy.Sample(generator: random);
                place = Tensor.Where(field.Equal(15).Unsqueeze(1), place, (place + moves[move]).Clamp(0, 3));
                var after = place[.., 0] * 4 + place[.., 1];
                var value = critic.Forward(field).Squeeze(1);
                var target = (-1 + after.NotEqual(15) * critic.Forward(after).Squeeze(1)).Detach();
                var advantage = (target - value).Detach();
                loss = loss + (going * ((target - value).Square() - advantage * policy.LogProb(move) - 0.01 * policy.Entropy())).Mean();
                taken = taken + going;
            }
            return (loss.Sum(), taken);
        }
        Loop.Fit(new Adam([actor.Weight, critic.Weight], 0.1), 200, () => Walk(20).Losses);
        Assert.InRange(Walk(20).Steps.Mean().Item(), 6f, 7f);
    }
}
