using FsCheck;
using FsCheck.Fluent;

namespace DeepNet.Tests.Operators;

/// <summary>Random shapes, layouts, chains of views and index expressions against the naive model.</summary>
public class PropertyTests
{
    private static void Holds(Action<Choices> property)
        => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000).WithStartSize(20).WithEndSize(150),
            Prop.ForAll<int[]>(numbers => property(new Choices(numbers))));

    [Fact]
    public void Chains_of_views_show_what_the_model_shows_and_share_memory() => Holds(choices =>
    {
        int[] shape = choices.Shape();
        var root = choices.Counting(shape);
        var (tensor, model) = (root, Nested.Counting(shape));
        for (int steps = choices.Below(6); steps > 0; steps--) (tensor, model) = Step(choices, tensor, model);
        model.AssertEquals(tensor);
        Assert.Same(root.Storage, tensor.Storage);
    });

    [Fact]
    public void The_gradient_of_a_chain_of_views_is_how_often_each_element_shows() => Holds(choices =>
    {
        int[] shape = choices.Shape();
        var root = Nested.Counting(shape).ToTensor().WithGrad();
        var (tensor, model) = (root, Nested.Counting(shape));
        for (int steps = choices.Below(6); steps > 0; steps--) (tensor, model) = Step(choices, tensor, model);
        if (!tensor.RequiresGrad) return;
        tensor.Backward(Tensor.Ones(tensor.Shape, DType.Float64));
        var expected = new double[root.Count];
        foreach (double position in model.Values()) expected[(int)position]++;
        if (tensor != root) Assert.Equal(expected, root.Grad!.ToArray<double>());
    });

    [Fact]
    public void Broadcasting_is_that_of_the_model() => Holds(choices =>
    {
        int[] shape = choices.Shape();
        int[] Part() => [.. shape[choices.Below(shape.Length + 1)..].Select(length => choices.Coin() ? 1 : length)];
        int[] p = Part(), q = Part();
        int rank = Math.Max(p.Length, q.Length);
        int[] Padded(int[] s) => [.. Enumerable.Repeat(1, rank - s.Length), .. s];
        int[] result = [.. Padded(p).Zip(Padded(q), (i, j) => i == 1 ? j : i)];
        var (a, b) = (Nested.Counting(p).Expand(result), Nested.Counting(q).Expand(result));
        new Nested(result, at => a.At(at) - 2 * b.At(at)).AssertEquals(choices.Counting(p) - choices.Counting(q) * 2);
    });

    [Fact]
    public void Index_expressions_read_what_the_model_reads() => Holds(choices =>
    {
        int[] shape = choices.Shape();
        var parts = NaiveIndex.Draw(choices, shape);
        var tensor = choices.Counting(shape);
        NaiveIndex.Read(Nested.Counting(shape), parts).AssertEquals(tensor[[.. parts.Select(part => part.ToIndex())]]);
    });

    [Fact]
    public void Index_expressions_write_where_they_read() => Holds(choices =>
    {
        int[] shape = choices.Shape();
        var parts = NaiveIndex.Draw(choices, shape);
        var tensor = choices.Counting(shape);
        var places = NaiveIndex.Read(Nested.Counting(shape), parts);
        var expected = Nested.Counting(shape).Values();
        // Values are broadcast, and where places meet the last stays.
        int[] valueShape = [.. places.Shape[choices.Below(places.Shape.Length + 1)..].Select(length => choices.Coin() ? 1 : length)];
        var value = new Nested(valueShape, at => -1 - Nested.Counting(valueShape).At(at));
        var broadcast = value.Expand(places.Shape);
        foreach (var at in places.Places()) expected[(int)places.At(at)] = broadcast.At(at);
        tensor[[.. parts.Select(part => part.ToIndex())]] = value.ToTensor(choices.Coin() ? DType.Float64 : DType.Int32);
        Assert.Equal(expected, tensor.ToArray<double>());
    });

    private static (Tensor, Nested) Step(Choices choices, Tensor tensor, Nested model)
    {
        int rank = tensor.Rank, axis = choices.Below(rank), length = rank == 0 ? 0 : tensor.Shape[axis];
        switch (rank == 0 ? 0 : choices.Below(9))
        {
            case 1:
                int[] order = [.. Enumerable.Range(0, rank).Select(i => (i + axis) % rank)];
                return (tensor.Permute(order), model.Permute(order));
            case 2:
                int start = choices.Below(length + 1), count = choices.Below(length - start + 1);
                return (tensor.Narrow(axis, start, count), model.Pick(axis, [.. Enumerable.Range(start, count)]));
            case 3 when length > 0:
                int place = choices.Below(length);
                return (tensor.Select(axis, choices.Coin() ? place : place - length), model.Drop(axis, place));
            case 4:
                return (tensor.Flip(axis), model.Pick(axis, [.. Enumerable.Range(0, length).Reverse()]));
            case 5:
                int from = choices.Between(-length - 1, length + 1), to = choices.Between(-length - 1, length + 1),
                    step = choices.Between(1, 3) * (choices.Coin() ? 1 : -1);
                return (tensor.Slice(axis, from, to, step), model.Pick(axis, Python(length, from, to, step)));
            case 6 when length > 0 && rank < 6:
                int size = choices.Between(1, length), stride = choices.Between(1, 2), windows = (length - size) / stride + 1;
                var all = model;
                return (tensor.Unfold(axis, size, stride), new Nested([.. Nested.With(all.Shape, axis, windows), size],
                    at => all.At(Nested.With(at[..^1], axis, at[axis] * stride + at[^1]))));
            case 7 when rank >= 2:
                int other = (axis + 1) % rank, offset = choices.Between(-2, 2);
                var plane = model;
                int diagonal = Math.Max(0, Math.Min(plane.Shape[axis] + Math.Min(offset, 0), plane.Shape[other] - Math.Max(offset, 0)));
                int low = Math.Min(axis, other), high = Math.Max(axis, other);
                return (tensor.Diagonal(offset, axis, other),
                    new Nested([.. Nested.Without(Nested.Without(plane.Shape, high), low), diagonal], at =>
                {
                    int down = at[^1] - Math.Min(offset, 0), right = at[^1] + Math.Max(offset, 0);
                    return plane.At(
                        Nested.Insert(Nested.Insert(at[..^1], low, low == axis ? down : right), high, low == axis ? right : down));
                }));
            default:
                if (rank >= 6) return (tensor, model);
                int where = choices.Below(rank + 1);
                return (tensor.Unsqueeze(where), model.Add(where));
        }
    }

    /// <summary>The places that Python's <c>start:end:step</c> means, found one by one.</summary>
    internal static int[] Python(int length, int start, int end, int step)
    {
        int Clip(int i) => step > 0 ? Math.Clamp(i < 0 ? i + length : i, 0, length) : Math.Clamp(i < 0 ? i + length : i, -1, length - 1);
        var places = new List<int>();
        for (int i = Clip(start); step > 0 ? i < Clip(end) : i > Clip(end); i += step) places.Add(i);
        return [.. places];
    }
}
