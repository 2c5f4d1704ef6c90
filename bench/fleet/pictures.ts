export function drawPictures(): void {}
