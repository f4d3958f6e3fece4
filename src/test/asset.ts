/** Stands for a style sheet or an image, which only a bundler reads. */
export default 'asset';
