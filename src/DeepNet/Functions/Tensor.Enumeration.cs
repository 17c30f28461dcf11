namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>Enumerates the places of the first axis, for <c>foreach</c>. Views.</summary>
    /// <exception cref="InvalidOperationException">The tensor has no axes.</exception>
    public IEnumerator<Tensor> GetEnumerator()
    {
        if (Rank == 0) throw new InvalidOperationException(
            "[foreach] a tensor without axes is a single number and has no places to go through. Item() reads it.");
        return Places();

        IEnumerator<Tensor> Places()
        {
            for (int i = 0; i < Shape[0]; i++) yield return Select(0, i);
        }
    }
}
