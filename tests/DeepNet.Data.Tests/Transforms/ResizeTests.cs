using DeepNet.Data.Images;
using DeepNet.Data.Transforms;

namespace DeepNet.Data.Tests.Transforms;

public class ResizeTests
{
    private static ImageColor Color(string file)
        => file.StartsWith("grey", StringComparison.Ordinal) ? ImageColor.Grey : file.StartsWith("rgba", StringComparison.Ordinal)
            ? ImageColor.Rgba : ImageColor.Rgb;

    [Fact]
    public void Is_Pillows_to_the_bit()
    {
        int cases = 0;
        foreach (var (file, args, expected) in Pictures.Cases("resize"))
        {
            var resize = new Resize(
                args.GetProperty("height").GetInt32(), args.GetProperty("width").GetInt32(),
                Enum.Parse<InterpolationMode>(args.GetProperty("mode").GetString()!));
            Pictures.AssertEqual(expected, resize.Apply(Pictures.Decoded(file, Color(file)), default), $"{file} {args}");
            cases++;
        }
        Assert.Equal(36, cases);
    }

    [Fact]
    public void A_window_is_cut_before_it_is_resized()
    {
        foreach (var (file, args, expected) in Pictures.Cases("window"))
        {
            int[] box = [.. args.GetProperty("box").EnumerateArray().Select(v => v.GetInt32())];
            var actual = Resampling.Run(
                Pictures.Decoded(file), box[1], box[0], box[3] - box[1], box[2] - box[0], expected.Height, expected.Width,
                InterpolationMode.Linear);
            Pictures.AssertEqual(expected, actual, $"{file} {args}");
        }
    }

    [Theory]
    [InlineData(375, 500, 256, 256, 341)]
    [InlineData(500, 375, 256, 341, 256)]
    [InlineData(40, 40, 10, 10, 10)]
    [InlineData(1, 9, 4, 4, 36)]
    public void One_number_is_the_shorter_side(int height, int width, int shorter, int newHeight, int newWidth)
    {
        var image = new Resize(shorter).Apply(new Image(new byte[height * width], height, width, 1), default);
        Assert.Equal((newHeight, newWidth), (image.Height, image.Width));
    }

    [Fact]
    public void Other_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Resize(8, InterpolationMode.Nearest));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resize(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resize(8, 0));
    }

    [Fact]
    public void A_crop_of_an_image_is_that_of_a_batch()
    {
        var image = Pictures.Decoded("rgb.png");
        var batch = new Batch(image.ToTensor().Reshape(1, 3, image.Height, image.Width), Tensor.Arange(1));
        foreach (var crop in new[] { Crop.Center(9), Crop.Center(20, 31), Crop.Random(21, 33, padding: 2), Crop.Random(4, 4, padding: 9) })
            for (ulong k = 0; k < 20; k++)
            {
                var key = DrawKey.FromSeed(k);
                Assert.Equal(crop.Apply(batch, [key]).X[0].ToArray(), crop.Apply(image, key).ToTensor().ToArray());
            }
    }

    [Fact]
    public void A_flip_of_an_image_is_that_of_a_batch()
    {
        var image = Pictures.Decoded("rgb.png");
        var batch = new Batch(image.ToTensor().Reshape(1, 3, image.Height, image.Width), Tensor.Arange(1));
        var flip = new RandomFlip(0.5, 0.5);
        for (ulong k = 0; k < 20; k++)
        {
            var key = DrawKey.FromSeed(k);
            Assert.Equal(flip.Apply(batch, [key]).X[0].ToArray(), flip.Apply(image, key).ToTensor().ToArray());
        }
    }
}
