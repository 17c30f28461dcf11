namespace DeepNet.Tests.Operators;

/// <summary>Numbers that FsCheck draws (and shrinks), read as a series of decisions. After the last one every decision is 0.</summary>
internal sealed class Choices(int[] numbers)
{
    private int next;

    public int Below(int count) => next < numbers.Length && count > 0 ? (int)(Math.Abs((long)numbers[next++]) % count) : 0;

    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool Coin() => Below(2) == 1;

    public int[] Shape(int maxRank = 4, int maxLength = 4)
    {
        int[] shape = new int[Below(maxRank + 1)];
        for (int i = 0; i < shape.Length; i++) shape[i] = Below(12) == 11 ? 0 : Between(1, maxLength);
        return shape;
    }

    /// <summary>A tensor that counts 0, 1, 2… in row-major order and lies in memory in one of many ways.</summary>
    public Tensor Counting(int[] shape)
    {
        var dense = Nested.Counting(shape).ToTensor();
        int[] order = [.. Enumerable.Range(0, shape.Length)];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        int[] inverse = new int[order.Length];
        for (int i = 0; i < order.Length; i++) inverse[order[i]] = i;
        var result = dense.Permute(order).Clone().Permute(inverse);
        for (int axis = 0; axis < shape.Length; axis++)
            switch (Below(3))
            {
                case 1: result = result.Flip(axis).Clone().Flip(axis); break;
                case 2: result = Tensor.Cat([result, result], axis).Narrow(axis, shape[axis], shape[axis]); break;
                default: break;
            }
        return result;
    }
}
