using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

public class ScheduleFreeTests
{
    private static ScheduleFreeAdamW Make(Problem problem, bool isPlain) => new(
        problem.Parameters,
        isPlain ? new ScheduleFreeAdamWOptions { LearningRate = 0.02 }
            : new ScheduleFreeAdamWOptions { LearningRate = 0.05, WeightDecay = 0.1, Beta1 = 0.8, Beta2 = 0.99 });

    [Theory]
    [InlineData("plain")]
    [InlineData("decay and warm-up")]
    public void Follows_the_formulas(string name)
    {
        foreach (var (dtype, tolerance) in new[] { (DType.Float64, 1e-9), (DType.Float32, 1e-4) })
        {
            var problem = new Problem(dtype);
            var optimizer = Make(problem, name == "plain");
            var schedule = name == "plain" ? null : new Schedule(optimizer, new ConstantRate().WithWarmUp(10));
            int row = 0;
            for (int t = 1; t <= 50; t++)
            {
                problem.Gradients(t);
                optimizer.Step();
                schedule?.Step();
                if (t is not (1 or 7 or 50)) continue;
                var golden = Problem.Papers("schedule free").GetProperty(name)[row++];
                double[] trained = problem.Values;
                Problem.AssertClose([.. golden[0].EnumerateArray().Select(x => x.GetDouble())], trained, tolerance, $"y of step {t}");
                optimizer.Eval();
                double[] mean = [.. golden[1].EnumerateArray().Select(x => x.GetDouble())];
                Problem.AssertClose(mean, problem.Values, tolerance, $"x of step {t}");
                optimizer.Eval();
                optimizer.Train();
                Assert.Equal(trained, problem.Values);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loaded_state_goes_on_bit_by_bit_whichever_weights_were_in_the_model(bool isEvaluated)
    {
        Problem one = new(DType.Float32), two = new(DType.Float32);
        ScheduleFreeAdamW first = Make(one, true), second = Make(two, true);
        Steps(first, one, 1, 20);
        if (isEvaluated) first.Eval();
        var state = first.SaveState();
        for (int k = 0; k < 2; k++) two.Parameters[k].Value.CopyFromQuietly(one.Parameters[k]);
        second.LoadState(state);
        Assert.Equal(!isEvaluated, second.IsTraining);
        first.Train();
        second.Train();
        Steps(first, one, 21, 40);
        Steps(second, two, 21, 40);
        Assert.Equal(one.Values, two.Values);
        first.Eval();
        second.Eval();
        Assert.Equal(one.Values, two.Values);
    }

    [Fact]
    public void A_step_from_the_mean_is_an_error()
    {
        var problem = new Problem(DType.Float32);
        var optimizer = Make(problem, true);
        Steps(optimizer, problem, 1, 1);
        optimizer.Eval();
        Assert.Contains("Call optimizer.Train()", Assert.Throws<InvalidOperationException>(optimizer.Step).Message);
        optimizer.Train();
        optimizer.L1 = 0.1;
        optimizer.ProximalL1 = true;
        Assert.Contains("ProximalL1 = false", Assert.Throws<InvalidOperationException>(optimizer.Step).Message);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var problem = new Problem(DType.Float32, new(70, 300), new(3));
        problem.Gradients(1);
        var optimizer = Make(problem, true);
        for (int i = 0; i < 5; i++) optimizer.Step();
        long before = GC.GetAllocatedBytesForCurrentThread(), live = Memory.LiveBytes;
        for (int i = 0; i < 20; i++) optimizer.Step();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 * 16);
        Assert.Equal(live, Memory.LiveBytes);
    }

    private static void Steps(Optimizer optimizer, Problem problem, int from, int to)
    {
        for (int t = from; t <= to; t++)
        {
            problem.Gradients(t);
            optimizer.Step();
        }
    }
}
